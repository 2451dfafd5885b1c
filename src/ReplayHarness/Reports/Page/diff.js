// The longest common subsequence of two lists; what is large is shown as replaced whole.
const compare = (before, after) => {
  if (before.length * after.length > 4e6) return [...before.map(text => ['-', text]), ...after.map(text => ['+', text])];
  const width = after.length + 1;
  const longest = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      longest[i * width + j] = before[i] === after[j] ? longest[(i + 1) * width + j + 1] + 1 : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
  const parts = [];
  let i = 0, j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) { parts.push([' ', before[i]]); i++; j++; }
    else if (j === after.length || (i < before.length && longest[(i + 1) * width + j] >= longest[i * width + j + 1])) parts.push(['-', before[i++]]);
    else parts.push(['+', after[j++]]);
  }
  return parts;
};

const marked = { '-': 'del', '+': 'ins', ' ': 'span' };

// JSON line by line, other text word by word.
const diffOf = (before, after) => {
  const [left, right] = [laidOut(before), laidOut(after)];
  const lines = left.includes('\n') || right.includes('\n');
  const parts = lines ? compare(left.split('\n'), right.split('\n')) : compare(left.split(/(?<=\s)/), right.split(/(?<=\s)/));
  return el('pre', { class: lines ? 'diff lines' : 'diff' }, parts.map(([kind, text]) => el(marked[kind], {}, lines ? `${kind} ${text}\n` : text)));
};

// "[captured: a, now: b]" within a sentence, as the reasons of a divergence write it.
const withChanges = text => {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(/\[captured: (.*?), now: (.*?)\]/g)) {
    parts.push(text.slice(from, found.index), el('del', {}, found[1]), ' ', el('ins', {}, found[2]));
    from = found.index + found[0].length;
  }
  return [...parts, text.slice(from)];
};

const askedIn = text => text.match(/^the agent called (\S+) (\{.*\})$/s) ?? text.match(/^the agent asked the model "(.*)"$/s);
const nearestIn = text => text.match(/^nearest in the fixture: (\S+) (\{.*\})$/s) ?? text.match(/^nearest in the fixture: "(.*)"$/s);

// The lines of a divergence: what the agent asked for, what is nearest, why that was not taken, what to do.
const divergence = lines => el('div', { class: 'divergence' }, lines.map((line, i) => {
  const [now, captured] = [askedIn(lines[i - 1] ?? ''), nearestIn(line)];
  return now && captured
    ? [el('p', {}, withChanges(line)), diffOf(captured.at(-1), now.at(-1))]
    : el('p', {}, withChanges(line));
}));
