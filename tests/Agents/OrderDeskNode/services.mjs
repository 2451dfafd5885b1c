// The order desk's tools over HTTP. As deployed, both services are behind one gate, the time spent waiting at it counts against the time-out, and when a call fails the others are given up.
import { toolCall } from './telemetry.mjs';

const INVENTORY_TIMEOUT_MS = Number(process.env.INVENTORY_TIMEOUT_MS ?? 300);

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

function timeoutError(message) {
  const error = new Error(message);
  error.name = 'TimeoutError';
  return error;
}

export function services(mended) {
  const shared = new Gate();
  const gates = new Map();
  const others = new AbortController();
  const gateOf = (name) => {
    if (!mended) return shared;
    if (!gates.has(name)) gates.set(name, new Gate());
    return gates.get(name);
  };

  async function get(name, url, timeoutMs) {
    const given = new AbortController();
    const work = gateOf(name).enter(async () => (await fetch(url, { signal: AbortSignal.any([given.signal, others.signal]) })).json());
    if (timeoutMs === undefined) return work;
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => {
        reject(timeoutError(`${name}-service: request timed out after ${timeoutMs}ms`));
        given.abort();
      }, timeoutMs);
    });
    work.catch(() => {});
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  }

  const tool = (name, url) => (input) =>
    toolCall(name, input, () => url(input)).catch((error) => {
      if (!mended) others.abort();
      throw error;
    });

  return {
    search_orders: tool('search_orders', ({ customer_id, limit }) => get('orders', `${process.env.ORDERS_URL}/customers/${customer_id}/orders?limit=${limit}`)),
    check_inventory: tool('check_inventory', ({ sku, warehouse }) => get('inventory', `${process.env.INVENTORY_URL}/${warehouse}/${sku}`, INVENTORY_TIMEOUT_MS)),
  };
}
