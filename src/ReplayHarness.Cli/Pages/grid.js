const rowHeightOfGrid = 30, pauseBeforeAddress = 200;
const number = n => n.toLocaleString('en');
const plural = (n, noun) => n === 1 ? noun : `${noun}s`;
const compareValues = (a, b) => a < b ? -1 : a > b ? 1 : 0;

// A page of one table: to find in, to sort, to go through with keys alone. What is chosen of it stands in its address.
// columns: id, title, width, least, key (what is sorted by, nothing for what stands last), show (what the cell holds), text (what the mouse is told).
// states: by name, its title; counted: those whose title is a noun. choices: id, label, any, options, accept. details: what the drawer holds of an item; about: lines for the help.
class Grid {
  constructor(page) {
    Object.assign(this, { choices: [], shown: [], chosen: -1, ...page });
    this.wanted = { q: '', state: '', ...Object.fromEntries(this.choices.map(choice => [choice.id, ''])), sort: '', [this.noun]: '' };
    this.drawer = byId('details');
    this.help = byId('help');
    this.makeTools();
    this.makeTable();
    this.list = new Rows(this.grid, this.space, rowHeightOfGrid, row => this.rowOf(row), () => this.bar.offsetHeight);
    this.lay();
    this.listen();
    this.read();
    // What the first search would have to wait for.
    (window.requestIdleCallback ?? setTimeout)(() => this.items.forEach(this.textOf));
  }

  makeTools() {
    const change = (id, input) => () => { this.wanted[id] = input.value; this.filter(); };
    this.search = el('input', { type: 'search', id: 'search', placeholder: `Find in ${this.noun}s  (/)`, 'aria-label': `Find in ${this.noun}s` });
    this.search.addEventListener('input', change('q', this.search));
    this.selects = this.choices.map(({ id, label, any, options }) => {
      const select = el('select', { id, 'aria-label': label }, el('option', { value: '' }, any), options.map(name => el('option', { value: name }, name)));
      select.addEventListener('change', change(id, select));
      return select;
    });
    this.status = el('span', { role: 'status', id: 'status' });
    this.said = el('span', { role: 'status', id: 'said' });
    this.buttons = [['', this.noun], ...Object.entries(this.states)].map(([state, title]) => {
      const n = this.items.filter(item => !state || this.stateOf(item) === state).length;
      return el('button', { type: 'button', 'data-state': state, onclick: () => { this.wanted.state = state; this.filter(); } },
        el('b', { class: n ? state || null : 'hint' }, number(n)), ` ${!state || this.counted?.includes(state) ? plural(n, title) : title}`);
    });
  }

  makeTable() {
    const { columns } = this;
    this.heads = columns.map((column, i) => el('div', { class: `head${column.number ? ' number' : ''}`, role: 'columnheader', 'aria-colindex': i + 1 },
      el('button', { type: 'button', onclick: () => this.sortBy(column) }, column.title)));
    this.bar = el('div', { class: 'heads', role: 'row', 'aria-rowindex': 1 }, this.heads);
    this.space = el('div', { class: 'rows', role: 'rowgroup' });
    this.grid = el('div', { class: 'grid', id: 'grid', role: 'grid', tabindex: 0, 'aria-label': this.label, 'aria-colcount': columns.length },
      el('div', { role: 'rowgroup', class: 'top' }, this.bar), this.space);
    this.grid.style.setProperty('--columns', columns.map(column => column.width).join(' '));
    this.grid.style.setProperty('--least', `${columns.reduce((sum, column) => sum + column.least, 0)}px`);
    const none = this.items.length ? el('button', { type: 'button', onclick: () => this.showAll() }, 'show all') : null;
    this.nothing = el('p', { class: 'nothing', hidden: true }, this.items.length ? `No ${this.noun} is so. ` : this.empty, none);
  }

  lay() {
    fill(byId('head'), el('div', { class: 'bar-of-title' }, el('h1', {}, this.title), themeButton()), this.under ?? null);
    byId('rows').append(
      el('div', { class: 'states', role: 'group', 'aria-label': 'State' }, this.buttons),
      el('div', { class: 'tools' }, this.search, this.selects, this.status, el('button', { type: 'button', onclick: () => this.help.showModal() }, 'keys ', el('kbd', {}, '?'))),
      this.grid, this.nothing);
    fill(this.help, el('h2', { id: 'keys' }, 'Keys'),
      el('table', {}, [['/', `find: every word, in all that ${this.one} says`], ['↓ ↑ or j k', `the next ${this.noun} and the one before; PageUp, PageDown, Home, End`],
        ['Enter', `opens ${this.one}`], ['Esc', 'closes it; in the field, empties it'], ['?', 'this'], ['a heading', `sorts by it: up, down, as ${this.ordered}`],
        ...this.moreKeys ?? []].map(([key, what]) => el('tr', {}, el('th', { scope: 'row' }, el('kbd', {}, key)), el('td', {}, what)))),
      this.about.map(line => el('p', {}, line)),
      el('p', {}, el('button', { type: 'button', onclick: () => this.help.close() }, 'close')));
  }

  rowOf(row) {
    const i = this.shown[row], item = this.items[i], chosen = i === this.chosen;
    return el('div', { class: `row${chosen ? ' chosen' : ''}`, role: 'row', id: `${this.noun}${i}`, 'data-row': i, 'aria-rowindex': row + 2, 'aria-selected': chosen },
      this.columns.map((column, n) => el('div', {
        class: `cell${column.number ? ' number' : ''}`, role: n === 0 ? 'rowheader' : 'gridcell', 'aria-colindex': n + 1, title: column.text ? column.text(item) : column.show(item),
      }, column.show(item))));
  }

  draw(anew = true, all = false) {
    if (!this.list.draw(anew, all)) return;
    const id = `${this.noun}${this.chosen}`;
    if (byId(id)) this.grid.setAttribute('aria-activedescendant', id); else this.grid.removeAttribute('aria-activedescendant');
  }

  // So that it can be sent to somebody.
  address() {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => {
      const parts = new URLSearchParams(Object.entries(this.wanted).filter(([, value]) => value));
      history.replaceState(null, '', `${location.href.split('#')[0]}${parts.size ? `#${parts}` : ''}`);
    }, pauseBeforeAddress);
  }

  sorting() { return { column: this.columns.find(column => column.id === this.wanted.sort.replace(/^-/, '')), down: this.wanted.sort.startsWith('-') }; }

  tellCount(printed = Infinity) {
    const [n, all] = [this.shown.length, this.items.length];
    this.status.textContent = (n === all ? 'all are shown' : `${number(n)} of ${number(all)} ${plural(all, this.noun)}`)
      + (n > printed ? `; the first ${printed} are printed, choose others with a filter` : '');
  }

  accepts(item, words) {
    const { wanted } = this;
    return (!wanted.state || this.stateOf(item) === wanted.state)
      && this.choices.every(choice => !wanted[choice.id] || choice.accept(item, wanted[choice.id]))
      && words.every(word => this.textOf(item).includes(word));
  }

  filter() {
    const words = this.wanted.q.toLowerCase().split(/\s+/).filter(Boolean), { column, down } = this.sorting();
    this.shown = [...this.items.keys()].filter(i => this.accepts(this.items[i], words));
    if (column) this.sort(column, down);
    this.heads.forEach((head, i) => {
      const on = this.columns[i] === column;
      if (on) head.setAttribute('aria-sort', down ? 'descending' : 'ascending'); else head.removeAttribute('aria-sort');
    });
    for (const button of this.buttons) button.setAttribute('aria-pressed', button.dataset.state === this.wanted.state);
    this.tellCount();
    this.nothing.hidden = this.shown.length > 0;
    this.grid.setAttribute('aria-rowcount', this.shown.length + 1);
    this.list.set(this.shown.length);
    const row = this.shown.indexOf(this.chosen);
    if (row >= 0) this.list.reveal(row); else { this.chosen = -1; this.grid.scrollTop = 0; }
    this.draw();
    this.address();
  }

  // Equal ones stay as they are, and what has no value is last either way.
  sort(column, down) {
    const keys = column.keys ??= this.items.map(item => column.key(item));
    this.shown.sort((a, b) => {
      const [x, y] = [keys[a], keys[b]];
      if (x === undefined || y === undefined) return (x === undefined) - (y === undefined) || a - b;
      return (down ? compareValues(y, x) : compareValues(x, y)) || a - b;
    });
  }

  // Up, down, and back to the first order.
  sortBy({ id }) {
    this.wanted.sort = this.wanted.sort === id ? `-${id}` : this.wanted.sort === `-${id}` ? '' : id;
    this.filter();
  }

  choose(row) {
    if (this.shown.length === 0) return;
    this.chosen = this.shown[Math.min(Math.max(row, 0), this.shown.length - 1)];
    this.list.reveal(this.shown.indexOf(this.chosen));
    if (!this.drawer.hidden) this.open();
    this.draw();
  }

  open(enter = false) {
    if (this.chosen < 0) return;
    const item = this.items[this.chosen];
    fill(this.drawer, this.details(item, { close: () => this.close(), say: text => { this.said.textContent = text; } }));
    this.said.textContent = '';
    this.drawer.append(this.said);
    this.drawer.hidden = false;
    this.drawer.scrollTop = 0;
    document.body.classList.add('with-details');
    this.wanted[this.noun] = this.nameOf(item);
    this.draw();
    if (enter) this.drawer.focus();
    this.address();
  }

  close() {
    this.drawer.hidden = true;
    document.body.classList.remove('with-details');
    this.wanted[this.noun] = '';
    this.draw();
    this.grid.focus();
    this.address();
  }

  showAll() {
    for (const name of ['q', 'state', ...this.choices.map(choice => choice.id)]) this.wanted[name] = '';
    this.tell();
    this.filter();
  }

  tell() {
    this.search.value = this.wanted.q;
    for (const select of this.selects) select.value = this.wanted[select.id];
  }

  // From the address: what it names and the page does not have is as if it were not there.
  read() {
    const parts = new URLSearchParams(location.hash.slice(1)), { wanted } = this;
    for (const name of Object.keys(wanted)) wanted[name] = parts.get(name) ?? '';
    if (!this.states[wanted.state]) wanted.state = '';
    for (const select of this.selects) if (![...select.options].some(option => option.value === wanted[select.id])) wanted[select.id] = '';
    if (!this.sorting().column) wanted.sort = '';
    this.tell();
    const named = wanted[this.noun] ? this.items.findIndex(item => this.nameOf(item) === wanted[this.noun]) : -1;
    if (named >= 0) this.chosen = named;
    this.filter();
    if (named >= 0 && this.chosen === named) this.open(); else if (!this.drawer.hidden) this.close();
  }

  by(step) { this.choose(this.chosen < 0 ? 0 : this.shown.indexOf(this.chosen) + step); }

  keys() {
    return {
      '/': () => { this.search.focus(); this.search.select(); }, '?': () => this.help.showModal(), j: () => this.by(1), k: () => this.by(-1), Escape: () => { if (!this.drawer.hidden) this.close(); },
      ArrowDown: () => this.by(1), ArrowUp: () => this.by(-1), PageDown: () => this.by(20), PageUp: () => this.by(-20),
      Home: () => this.choose(0), End: () => this.choose(this.shown.length - 1), Enter: () => this.open(true),
    };
  }

  keysInSearch() {
    const down = () => { this.grid.focus(); this.choose(Math.max(this.shown.indexOf(this.chosen), 0)); };
    return { Escape: () => { if (this.search.value) { this.search.value = this.wanted.q = ''; this.filter(); } else this.grid.focus(); }, Enter: down, ArrowDown: down };
  }

  onKey(e, keys, inSearch) {
    if (e.ctrlKey || e.metaKey || e.altKey || this.help.open || e.target.matches('select')) return;
    const act = (e.target === this.search ? inSearch : keys)[e.key];
    // Buttons and links keep their Enter, and the drawer scrolls with its own arrows.
    if (!act || (e.key === 'Enter' && e.target.matches('button, a')) || (e.key.length > 1 && e.key !== 'Escape' && this.drawer.contains(e.target))) return;
    e.preventDefault();
    act();
  }

  listen() {
    const keys = this.keys(), inSearch = this.keysInSearch();
    document.addEventListener('keydown', e => this.onKey(e, keys, inSearch));
    this.grid.addEventListener('scroll', () => this.draw(false));
    this.space.addEventListener('click', e => {
      const row = e.target.closest('[data-row]');
      if (row && !e.target.closest('a')) { this.choose(this.shown.indexOf(Number(row.dataset.row))); this.open(); }
    });
    addEventListener('resize', () => this.draw());
    addEventListener('hashchange', () => this.read());
    addEventListener('beforeprint', () => { this.tellCount(mostPrinted); this.draw(true, true); });
    addEventListener('afterprint', () => { this.tellCount(); this.draw(); });
  }
}
