// The order desk's tools over HTTP. As deployed, both services are behind one gate, and the time spent waiting at it counts against the time-out.
const INVENTORY_TIMEOUT_MS = 300;

class Gate {
  #last = Promise.resolve();

  async enter(work) {
    const before = this.#last;
    let leave;
    this.#last = new Promise((resolve) => (leave = resolve));
    await before;
    try {
      return await work();
    } finally {
      leave();
    }
  }
}

export function services(mended) {
  const shared = new Gate();
  const gates = new Map();
  const gateOf = (name) => {
    if (!mended) return shared;
    if (!gates.has(name)) gates.set(name, new Gate());
    return gates.get(name);
  };

  async function get(name, url, timeoutMs) {
    const work = gateOf(name).enter(async () => (await fetch(url)).json());
    if (timeoutMs === undefined) return work;
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${name}-service: request timed out after ${timeoutMs}ms`)), timeoutMs);
    });
    work.catch(() => {});
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  }

  return {
    search_orders: ({ customer_id, limit }) => get('orders', `${process.env.ORDERS_URL}/customers/${customer_id}/orders?limit=${limit}`),
    check_inventory: ({ sku, warehouse }) => get('inventory', `${process.env.INVENTORY_URL}/${warehouse}/${sku}`, INVENTORY_TIMEOUT_MS),
  };
}
