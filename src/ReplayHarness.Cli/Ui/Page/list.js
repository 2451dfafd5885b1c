const data = JSON.parse(byId('data').textContent);

// In this order on the page; only those that occur.
const stateNames = ['open', 'reproduced', 'symptom removed', 'cause removed', 'survives', 'not removed', 'stale', 'removed', 'outside', 'error', 'not captured'];
const states = Object.fromEntries(stateNames.filter(name => data.rows.some(row => row.state === name)).map(name => [name, name]));
const stateBadge = state => badge(state.replaceAll(' ', '-'), state);

const share = release => release.of ? release.runs / release.of : 0;
const trendText = row => row.releases.map(r => `${r.name}: ${r.runs} of ${r.of} runs`).join('\n');
const trendOf = row => {
  if (row.releases.length === 0) return '–';
  const most = Math.max(...row.releases.map(share), 0.01);
  const bars = row.releases.map(release => {
    const bar = el('i', { class: release.runs ? null : 'none' });
    bar.style.height = `${Math.max(share(release) / most * 100, 6)}%`;
    return bar;
  });
  const last = row.releases.at(-1);
  return el('span', { class: 'trend', role: 'img', 'aria-label': trendText(row).replaceAll('\n', ', ') }, el('span', { class: 'bars' }, bars), ` ${last.runs}/${last.of} in ${last.name}`);
};

const columns = [
  { id: 'incident', title: 'incident', width: 'minmax(180px, 1.2fr)', least: 180, key: row => row.name, show: row => row.page ? el('a', { href: row.page, tabindex: -1 }, row.name) : row.name, text: row => row.name },
  { id: 'state', title: 'state', width: '140px', least: 140, key: row => stateNames.indexOf(row.state), show: row => stateBadge(row.state), text: row => row.why },
  { id: 'failure', title: 'failure', width: 'minmax(220px, 2fr)', least: 220, key: row => row.findings[0], show: row => row.findings.join(', ') || '–' },
  { id: 'runs', title: 'runs', width: '80px', least: 80, number: true, key: row => row.runs, show: row => row.runs === undefined ? '–' : number(row.runs) },
  { id: 'trend', title: 'trend by release', width: 'minmax(200px, 1fr)', least: 200, key: row => row.releases.length ? share(row.releases.at(-1)) : undefined, show: trendOf, text: trendText },
  { id: 'seen', title: 'last seen', width: '170px', least: 170, key: row => row.lastSeen, show: row => row.lastSeen?.slice(0, 19).replace('T', ' ') ?? '–' },
  { id: 'why', title: 'why', width: 'minmax(200px, 2fr)', least: 200, key: row => row.why, show: row => row.why },
];

const detailsOf = (row, { close, say }) => [
  el('div', { class: 'bar-of-title' }, el('h2', {}, row.name), el('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: close }, '✕')),
  el('p', {}, stateBadge(row.state), ' ', row.why),
  row.page ? el('p', {}, el('a', { href: row.page, id: 'open' }, 'Open: the captured run, replays, schedules step by step')) : null,
  row.run ? el('p', {}, el('a', { href: row.run }, 'An example as it was recorded')) : null,
  row.shape ? el('p', { class: 'hint' }, `shape ${row.shape}`) : null,
  row.findings.map(finding => el('p', {}, finding)),
  row.agents.length ? el('p', {}, `agents: ${row.agents.join(', ')}`) : null,
  row.releases.length ? [el('h4', {}, 'By release'), el('table', {}, row.releases.map(r => el('tr', {}, el('th', { scope: 'row' }, r.name), el('td', { class: 'time' }, `${number(r.runs)} of ${number(r.of)} runs`))))] : null,
  row.command ? [el('h4', {}, 'Make a fixture of it'), commandOf(row.command, say)] : null,
];

const refresh = el('button', { type: 'button', id: 'refresh', onclick: async () => {
  refresh.disabled = true;
  refresh.textContent = 'reads the source…';
  try { await fetch('/refresh', { method: 'POST' }); location.reload(); } catch { refresh.textContent = 'the server does not answer any more'; }
} }, 'read again');

const table = new Grid({
  title: data.title, noun: 'incident', one: 'an incident', label: 'Incidents', ordered: 'in the folder',
  empty: 'There is no incident, and no run of the source has failed.',
  under: data.source ? [el('p', { class: 'hint' }, `runs of ${data.source} `, refresh), data.problem ? el('p', { class: 'error' }, data.problem) : null] : null,
  items: data.rows, columns, states, stateOf: row => row.state, nameOf: row => row.name, details: detailsOf,
  textOf: row => row.text ??= [row.name, row.state, row.why, row.shape, ...row.findings, ...row.agents, ...row.releases.map(r => r.name)].filter(Boolean).join('\n').toLowerCase(),
  moreKeys: [['o', 'the page of the chosen incident']],
  about: ['Trend: the part of the runs of each release that show the failure, the newest release last.'],
});
document.addEventListener('keydown', e => {
  const page = table.items[table.chosen]?.page;
  if (e.key === 'o' && page && !e.ctrlKey && !e.metaKey && !e.altKey && !e.target.matches('input, select')) location.href = page;
});
