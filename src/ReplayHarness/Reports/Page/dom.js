// Elements are made here only, and text only ever becomes text.
const flat = children => children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== false);

const el = (tag, props = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    // Of aria-… true and false are words.
    const word = name.startsWith('aria-') && typeof value === 'boolean' ? String(value) : value;
    if (word === null || word === undefined || word === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'class') node.className = value;
    else node.setAttribute(name, word === true ? '' : String(word));
  }
  node.append(...flat(children));
  return node;
};

const fill = (node, ...children) => node.replaceChildren(...flat(children));

const byId = id => document.getElementById(id);

const badge = (kind, text = kind) => el('span', { class: `badge ${kind}` }, text);

const seconds = ms => {
  const size = Math.abs(ms);
  if (size >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  if (size >= 1) return `${ms.toFixed(0)} ms`;
  return size === 0 ? '0' : `${(ms * 1000).toFixed(0)} µs`;
};

// For an axis: no more digits than its ticks differ in.
const brief = ms => ms === 0 ? '0' : Math.abs(ms) >= 1000 ? `${Number((ms / 1000).toPrecision(6))} s` : Math.abs(ms) >= 1 ? `${Number(ms.toPrecision(6))} ms` : `${Number((ms * 1000).toPrecision(6))} µs`;

// JSON laid out on lines without being read: a number keeps every digit it has. What is no JSON stays as it is.
const laidOut = text => {
  try { JSON.parse(text); } catch { return text; }
  let out = '', depth = 0, quoted = false;
  const line = () => `\n${'  '.repeat(depth)}`;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      out += c;
      if (c === '\\') out += text[++i];
      else if (c === '"') quoted = false;
    } else if (c === '"') { quoted = true; out += c; }
    else if (c === '{' || c === '[') {
      const rest = text.slice(i + 1).match(/^\s*[}\]]/);
      if (rest) { out += c + rest[0].trim(); i += rest[0].length; }
      else { depth++; out += c + line(); }
    } else if (c === '}' || c === ']') { depth--; out += line() + c; }
    else if (c === ',') out += c + line();
    else if (c === ':') out += ': ';
    else if (!/\s/.test(c)) out += c;
  }
  return out;
};
