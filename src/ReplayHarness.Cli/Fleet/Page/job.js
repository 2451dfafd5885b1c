const nameOf = job => job.agent ? `${job.incident}/${job.agent}` : job.incident;

// A line of a source is deeper than the line of its race.
const linesOf = places => places.map(place => data.texts[place]).map(line => line.startsWith('  ') ? el('pre', {}, line.trim()) : el('p', {}, line));

const jobDetails = (job, { close, say }) => [
  el('div', { class: 'bar-of-title' }, el('h2', {}, nameOf(job)), el('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: close }, '✕')),
  el('p', {}, badge(job.state, states[job.state]), ' ', job.verdict ? badge(job.verdict) : null, job.expected && job.expected !== job.verdict ? ` expected ${job.expected}` : null),
  job.fixture ? el('p', { class: 'hint' }, `${job.fixture} · ${job.seconds.toFixed(3)} s`) : null,
  job.page ? el('p', {}, el('a', { href: job.page, target: '_blank' }, 'The captured run beside its replays')) : null,
  job.state === 'error' ? el('pre', { class: 'error' }, job.lines.map(place => data.texts[place]).join('\n')) : linesOf(job.lines),
  job.hypotheses.map(h => el('section', {},
    el('h4', {}, h.name, badge(h.verdict), h.shows ? el('span', { class: 'hint' }, `shows in ${h.shows}`) : null, h.counts ? null : el('span', { class: 'hint' }, 'does not count'), h.expected ? el('span', { class: 'unexpected' }, `expected ${h.expected}`) : null),
    linesOf(h.lines))),
  job.rerun ? [el('h4', {}, 'Run it again'), commandOf(job.rerun, say)] : null,
];
