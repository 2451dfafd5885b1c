const jobHeight = 30, pauseBeforeAddress = 200;
const wanted = { q: '', state: '', verdict: '', sort: '', job: '' };
const number = n => n.toLocaleString('en');
const plural = (n, noun) => n === 1 ? noun : `${noun}s`;
const drawer = byId('details'), help = byId('help');
let shown = [], chosen = -1;

const search = el('input', { type: 'search', id: 'search', placeholder: 'Find in jobs  (/)', 'aria-label': 'Find in jobs', oninput: () => { wanted.q = search.value; filter(); } });
const verdict = el('select', { id: 'verdict', 'aria-label': 'Verdict', onchange: () => { wanted.verdict = verdict.value; filter(); } },
  el('option', { value: '' }, 'any verdict'), data.verdicts.filter(name => data.jobs.some(job => job.verdict === name)).map(name => el('option', { value: name }, name)));
const status = el('span', { role: 'status', id: 'status' }), said = el('span', { role: 'status', id: 'said' });
const buttons = [['', 'job'], ['expected', 'as expected'], ['unexpected', 'not as expected'], ['error', 'error']].map(([state, title]) => {
  const n = data.jobs.filter(job => !state || job.state === state).length;
  return el('button', { type: 'button', 'data-state': state, onclick: () => { wanted.state = state; filter(); } },
    el('b', { class: n ? state || null : 'hint' }, number(n)), ` ${title.includes(' ') ? title : plural(n, title)}`);
});

const heads = columns.map((column, i) => el('div', { class: `head${column.number ? ' number' : ''}`, role: 'columnheader', 'aria-colindex': i + 1 },
  el('button', { type: 'button', onclick: () => sortBy(column) }, column.title)));
const bar = el('div', { class: 'heads', role: 'row', 'aria-rowindex': 1 }, heads);
const space = el('div', { class: 'rows', role: 'rowgroup' });
const grid = el('div', { class: 'grid', id: 'grid', role: 'grid', tabindex: 0, 'aria-label': 'Jobs', 'aria-colcount': columns.length }, el('div', { role: 'rowgroup', class: 'top' }, bar), space);
grid.style.setProperty('--columns', columns.map(column => column.width).join(' '));
grid.style.setProperty('--least', `${columns.reduce((sum, column) => sum + column.least, 0)}px`);
const nothing = el('p', { class: 'nothing', hidden: true }, 'No job is so. ', el('button', { type: 'button', onclick: () => { Object.assign(wanted, { q: '', state: '', verdict: '' }); tell(); filter(); } }, 'show all'));

const rowOf = row => {
  const i = shown[row], job = data.jobs[i];
  return el('div', { class: `row${i === chosen ? ' chosen' : ''}`, role: 'row', id: `job${i}`, 'data-job': i, 'aria-rowindex': row + 2, 'aria-selected': i === chosen },
    columns.map((column, n) => el('div', { class: `cell${column.number ? ' number' : ''}`, role: n === 0 ? 'rowheader' : 'gridcell', 'aria-colindex': n + 1, title: column.text ? column.text(job) : column.show(job) }, column.show(job))));
};
const list = new Rows(grid, space, jobHeight, rowOf, () => bar.offsetHeight);

const draw = (anew = true, all = false) => {
  if (!list.draw(anew, all)) return;
  if (byId(`job${chosen}`)) grid.setAttribute('aria-activedescendant', `job${chosen}`); else grid.removeAttribute('aria-activedescendant');
};

// What is chosen of the page stands in its address, so that it can be sent to somebody.
let pause;
const address = () => {
  clearTimeout(pause);
  pause = setTimeout(() => {
    const parts = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
    history.replaceState(null, '', `${location.href.split('#')[0]}${parts.size ? `#${parts}` : ''}`);
  }, pauseBeforeAddress);
};

const sorting = () => ({ column: columns.find(column => column.id === wanted.sort.replace(/^-/, '')), down: wanted.sort.startsWith('-') });

const tellCount = (printed = Infinity) => {
  status.textContent = (shown.length === data.jobs.length ? 'all are shown' : `${number(shown.length)} of ${number(data.jobs.length)} ${plural(data.jobs.length, 'job')}`)
    + (shown.length > printed ? `; the first ${printed} are printed, choose others with a filter` : '');
};

const filter = () => {
  const words = wanted.q.toLowerCase().split(/\s+/).filter(Boolean), { column, down } = sorting();
  shown = [];
  data.jobs.forEach((job, i) => {
    if ((!wanted.state || job.state === wanted.state) && (!wanted.verdict || job.verdict === wanted.verdict) && words.every(word => textOf(job).includes(word))) shown.push(i);
  });
  if (column) sortedBy(shown, column, down);
  heads.forEach((head, i) => {
    const on = columns[i] === column;
    if (on) head.setAttribute('aria-sort', down ? 'descending' : 'ascending'); else head.removeAttribute('aria-sort');
  });
  for (const button of buttons) button.setAttribute('aria-pressed', button.dataset.state === wanted.state);
  tellCount();
  nothing.hidden = shown.length > 0;
  grid.setAttribute('aria-rowcount', shown.length + 1);
  list.set(shown.length);
  const row = shown.indexOf(chosen);
  if (row >= 0) list.reveal(row); else { chosen = -1; grid.scrollTop = 0; }
  draw();
  address();
};

// Up, down, and back to the order of the run.
const sortBy = column => {
  wanted.sort = wanted.sort === column.id ? `-${column.id}` : wanted.sort === `-${column.id}` ? '' : column.id;
  filter();
};

const choose = row => {
  if (shown.length === 0) return;
  chosen = shown[Math.min(Math.max(row, 0), shown.length - 1)];
  list.reveal(shown.indexOf(chosen));
  if (!drawer.hidden) open();
  draw();
};

const open = (enter = false) => {
  if (chosen < 0) return;
  fill(drawer, jobDetails(data.jobs[chosen], { close, say: text => { said.textContent = text; } }));
  said.textContent = '';
  drawer.append(said);
  drawer.hidden = false;
  drawer.scrollTop = 0;
  document.body.classList.add('with-details');
  wanted.job = nameOf(data.jobs[chosen]);
  draw();
  if (enter) drawer.focus();
  address();
};

const close = () => {
  drawer.hidden = true;
  document.body.classList.remove('with-details');
  wanted.job = '';
  draw();
  grid.focus();
  address();
};

const tell = () => { search.value = wanted.q; verdict.value = wanted.verdict; };

// From the address: what it names and the page does not have is as if it were not there.
const read = () => {
  const parts = new URLSearchParams(location.hash.slice(1));
  for (const name of Object.keys(wanted)) wanted[name] = parts.get(name) ?? '';
  if (!states[wanted.state]) wanted.state = '';
  if (![...verdict.options].some(option => option.value === wanted.verdict)) wanted.verdict = '';
  if (!sorting().column) wanted.sort = '';
  tell();
  const named = wanted.job ? data.jobs.findIndex(job => nameOf(job) === wanted.job) : -1;
  if (named >= 0) chosen = named;
  filter();
  if (named >= 0 && chosen === named) open(); else if (!drawer.hidden) close();
};

const by = step => choose(chosen < 0 ? 0 : shown.indexOf(chosen) + step);
const keys = {
  '/': () => { search.focus(); search.select(); }, '?': () => help.showModal(), j: () => by(1), k: () => by(-1), Escape: () => { if (!drawer.hidden) close(); },
  ArrowDown: () => by(1), ArrowUp: () => by(-1), PageDown: () => by(20), PageUp: () => by(-20), Home: () => choose(0), End: () => choose(shown.length - 1), Enter: () => open(true),
};
const inSearch = {
  Escape: () => { if (search.value) { search.value = wanted.q = ''; filter(); } else grid.focus(); },
  Enter: () => { grid.focus(); choose(Math.max(shown.indexOf(chosen), 0)); },
};
inSearch.ArrowDown = inSearch.Enter;
document.addEventListener('keydown', e => {
  if (e.ctrlKey || e.metaKey || e.altKey || help.open || e.target.matches('select')) return;
  const act = (e.target === search ? inSearch : keys)[e.key];
  // Buttons keep their Enter, and the drawer scrolls with its own arrows.
  if (!act || (e.key === 'Enter' && e.target.matches('button')) || (e.key.length > 1 && e.key !== 'Escape' && drawer.contains(e.target))) return;
  e.preventDefault();
  act();
});

const incidents = new Set(data.jobs.map(job => job.incident)).size;
fill(byId('head'), el('div', { class: 'bar-of-title' }, el('h1', {}, `Replays of ${number(incidents)} ${plural(incidents, 'incident')}`), themeButton()));
byId('jobs').append(
  el('div', { class: 'states', role: 'group', 'aria-label': 'State' }, buttons),
  el('div', { class: 'tools' }, search, verdict, status, el('button', { type: 'button', onclick: keys['?'] }, 'keys ', el('kbd', {}, '?'))), grid, nothing);
fill(help, el('h2', { id: 'keys' }, 'Keys'),
  el('table', {}, [['/', 'find: every word, in all that a job says'], ['↓ ↑ or j k', 'the next job and the one before; PageUp, PageDown, Home, End'], ['Enter', 'opens a job'], ['Esc', 'closes it; in the field, empties it'], ['?', 'this'],
    ['a heading', 'sorts by it: up, down, as in the run']].map(([key, what]) => el('tr', {}, el('th', { scope: 'row' }, el('kbd', {}, key)), el('td', {}, what)))),
  el('p', {}, 'k/N: the failure showed in k of N schedules. A verdict in parentheses does not count.'),
  el('p', {}, el('button', { type: 'button', onclick: () => help.close() }, 'close')));

grid.addEventListener('scroll', () => draw(false));
space.addEventListener('click', e => { const row = e.target.closest('[data-job]'); if (row) { choose(shown.indexOf(Number(row.dataset.job))); open(); } });
addEventListener('resize', () => draw());
addEventListener('hashchange', read);
addEventListener('beforeprint', () => { tellCount(mostPrinted); draw(true, true); });
addEventListener('afterprint', () => { tellCount(); draw(); });
read();
// What the first search would have to wait for.
(window.requestIdleCallback ?? setTimeout)(() => data.jobs.forEach(textOf));
