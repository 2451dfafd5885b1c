const rowHeight = 24;

// The time that is shown, the same for every run.
class Axis {
  constructor() { this.shown = []; this.set(0, 1); }
  set(min, max) {
    [this.min, this.max] = [min, Math.max(max, min + 0.001)];
    this.zoom(this.min, this.max);
  }
  zoom(from, to) {
    const least = (this.max - this.min) / 1e6;
    if (to - from < least) [from, to] = [(from + to - least) / 2, (from + to + least) / 2];
    const width = Math.min(to - from, this.max - this.min);
    this.from = Math.min(Math.max(from, this.min), this.max - width);
    this.to = this.from + width;
    for (const show of this.shown) show();
  }
  scale(by, around = (this.from + this.to) / 2) { this.zoom(around - (around - this.from) * by, around + (this.to - around) * by); }
  pan(by) { const step = (this.to - this.from) * by; this.zoom(this.from + step, this.to + step); }
  at(ms) { return (ms - this.from) / (this.to - this.from) * 100; }
  ticks() {
    const rough = (this.to - this.from) / 6, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(n => n * power).find(n => n >= rough);
    const ticks = [];
    for (let n = Math.ceil(this.from / step); n * step <= this.to; n++) ticks.push(n * step);
    return ticks;
  }
}

// One run: a row a span.
class Waterfall {
  constructor(panel, axis, choose) {
    Object.assign(this, { panel, axis, choose, chosen: -1, peer: null, folded: new Set(), accept: () => true });
    this.ruler = el('div', { class: 'ruler', title: 'Drag to zoom in; double-click to see all' });
    this.space = el('div', { class: 'rows' });
    this.view = el('div', { class: 'view', tabindex: 0, role: 'tree', 'aria-label': panel.title }, this.space);
    this.list = new Rows(this.view, this.space, rowHeight, row => this.row(this.rows[row]));
    this.errors = el('div', { class: 'errors', 'aria-hidden': true });
    this.note = el('p', { class: 'note' });
    this.races = el('div', { class: 'races' });
    this.title = el('h3', {}, panel.title);
    this.element = el('div', { class: 'panel' }, this.title, this.ruler, el('div', { class: 'frame' }, this.view, this.errors), this.note, this.races);
    this.view.addEventListener('scroll', () => this.draw());
    this.view.addEventListener('keydown', e => this.onKey(e));
    this.space.addEventListener('click', e => this.onClick(e));
    this.space.addEventListener('dblclick', e => { const row = this.rowOf(e); if (row >= 0) this.fold(row, !this.folded.has(row)); });
    axis.shown.push(() => { this.drawRuler(); this.draw(true); });
    dragging(this.ruler, axis);
    this.attempt(0);
  }

  attempt(number) {
    const count = this.panel.attempts.length, place = Math.min(number, count - 1);
    this.run = this.panel.attempts[place];
    this.title.textContent = count > 1 ? `${this.panel.title} · attempt ${place + 1} of ${count}` : this.panel.title;
    this.spans = this.run.spans;
    fill(this.races, racesOf(this));
    this.chosen = -1;
    this.folded.clear();
    this.refresh();
  }

  refresh(accept = this.accept) {
    this.accept = accept;
    this.rows = [];
    let below = Infinity;
    this.spans.forEach((span, i) => {
      if (span.depth > below) return;
      below = this.folded.has(i) ? span.depth : Infinity;
      if (accept(span)) this.rows.push(i);
    });
    this.place = new Map(this.rows.map((i, row) => [i, row]));
    this.list.set(this.rows.length);
    this.view.style.height = `${Math.min(this.rows.length, tallest) * rowHeight}px`;
    this.errors.replaceChildren(...this.rows.filter(i => this.spans[i].mark || this.spans[i].races).slice(0, 400).map(i => this.tick(i)));
    const left = this.run.spansLeftOut ? `${this.run.spansLeftOut} more spans are in the trace and not shown here. ` : '';
    this.said = left + (this.rows.length < this.spans.length ? `${this.rows.length} of ${this.spans.length} spans shown` : `${this.spans.length} spans`);
    this.draw(true);
  }

  tick(i) {
    const mark = el('i', { class: this.spans[i].mark ?? 'race' });
    mark.style.top = `${this.place.get(i) / this.rows.length * 100}%`;
    return mark;
  }

  drawRuler() {
    this.ruler.replaceChildren(...this.axis.ticks().map(ms => {
      const tick = el('span', {}, brief(ms));
      tick.style.left = `${this.axis.at(ms)}%`;
      return tick;
    }));
  }

  // all: for paper.
  draw(anew = false, all = false) {
    if (!this.list.draw(anew, all)) return;
    this.note.textContent = this.said + (all && this.rows.length > mostPrinted ? `; ${mostPrinted} of them are printed, choose others with a filter` : '');
    if (this.chosen >= 0) this.view.setAttribute('aria-activedescendant', this.idOf(this.chosen));
  }

  idOf(i) { return `${this.key}-${i}`; }

  row(i) {
    const span = this.spans[i], axis = this.axis;
    const holds = this.holds(i);
    const bar = el('div', { class: `bar ${span.kind} ${span.mark ?? ''}${holds && !span.key ? ' holds' : ''}` });
    const [from, to] = [Math.max(axis.at(span.start), 0), Math.min(axis.at(span.end), 100)];
    bar.style.left = `${Math.min(from, 100)}%`;
    bar.style.width = `${Math.max(to - from, 0)}%`;
    const sight = axis.at(span.end) >= 0 && axis.at(span.start) <= 100;
    const name = el('span', { class: 'name' }, holds ? el('span', { class: 'fold' }, this.folded.has(i) ? '▸' : '▾') : null, span.name);
    name.style.paddingInlineStart = `${Math.min(span.depth, 24) * 14 + (holds ? 0 : 14)}px`;
    const element = el('div', {
      id: this.idOf(i), class: `row${i === this.chosen ? ' chosen' : ''}${this.peer && span.key === this.peer && i !== this.chosen ? ' peer' : ''}`, role: 'treeitem', 'data-span': i,
      'aria-level': span.depth + 1, 'aria-selected': i === this.chosen, 'aria-expanded': holds ? !this.folded.has(i) : null,
      title: [span.name, span.sibling, span.error, ...(span.races ?? []).map(toldOf)].filter(Boolean).join('\n'),
    },
    el('span', { class: 'label' }, name, span.sibling ? el('span', { class: 'sibling' }, `∥ ${span.sibling.match(/\d+ of \d+/)?.[0] ?? ''}`) : null, span.mark ? badge(span.mark) : null, span.races ? badge('race', `race ${span.races.map(a => a.mark).join(', ')}`) : null),
    el('span', { class: 'time' }, seconds(span.end - span.start)),
    el('span', { class: 'lane' }, sight ? bar : null, span.races?.map(a => pinOf(a, axis))));
    return element;
  }

  // From when to when the rows go that are in sight, without those that only hold others.
  sight() {
    const top = Math.floor(this.view.scrollTop / rowHeight);
    const spans = this.rows.slice(top, top + Math.ceil(this.view.clientHeight / rowHeight)).filter(i => !this.holds(i) || this.spans[i].key).map(i => this.spans[i]);
    return spans.length ? [Math.min(...spans.map(s => s.start)), Math.max(...spans.map(s => s.end))] : [this.axis.min, this.axis.max];
  }

  holds(i) { return i + 1 < this.spans.length && this.spans[i + 1].depth > this.spans[i].depth; }

  rowOf(e) { return Number(e.target.closest('[data-span]')?.dataset.span ?? -1); }

  onClick(e) {
    const i = this.rowOf(e);
    if (i < 0) return;
    if (e.target.classList.contains('fold')) this.fold(i, !this.folded.has(i));
    else this.choose(this, i, true);
  }

  fold(i, on) {
    if (!this.holds(i)) return;
    if (on) this.folded.add(i); else this.folded.delete(i);
    this.refresh();
  }

  // Unfolds what hides it, and brings it into sight.
  reveal(i) {
    for (let above = i - 1, depth = this.spans[i].depth; above >= 0 && depth > 0; above--)
      if (this.spans[above].depth < depth) { depth = this.spans[above].depth; this.folded.delete(above); }
    this.refresh();
    const row = this.place.get(i);
    if (row === undefined) return;
    this.list.reveal(row);
    this.draw(true);
  }

  onKey(e) {
    const row = this.place.get(this.chosen) ?? -1, last = this.rows.length - 1;
    const go = to => this.choose(this, this.rows[Math.min(Math.max(to, 0), last)], false);
    const span = this.spans[this.chosen];
    const keys = {
      ArrowDown: () => go(row + 1), ArrowUp: () => go(row < 0 ? 0 : row - 1), PageDown: () => go(row + 20), PageUp: () => go(row - 20), Home: () => go(0), End: () => go(last),
      ArrowLeft: () => this.holds(this.chosen) && !this.folded.has(this.chosen) ? this.fold(this.chosen, true) : this.up(),
      ArrowRight: () => this.folded.has(this.chosen) ? this.fold(this.chosen, false) : go(row + 1),
      Enter: () => { if (span) this.choose(this, this.chosen, true, true); },
    };
    if (!keys[e.key] || last < 0 || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    keys[e.key]();
  }

  up() {
    for (let i = this.chosen - 1; i >= 0; i--)
      if (this.spans[i].depth < this.spans[this.chosen].depth) { this.choose(this, i, false); return; }
  }
}

const dragging = (ruler, axis) => {
  let from = null;
  const at = e => { const box = ruler.getBoundingClientRect(); return axis.from + (e.clientX - box.left) / box.width * (axis.to - axis.from); };
  ruler.addEventListener('pointerdown', e => { from = at(e); ruler.setPointerCapture(e.pointerId); });
  ruler.addEventListener('pointerup', e => {
    const to = at(e);
    if (from !== null && Math.abs(to - from) > (axis.to - axis.from) / 100) axis.zoom(Math.min(from, to), Math.max(from, to));
    from = null;
  });
  ruler.addEventListener('dblclick', () => axis.zoom(axis.min, axis.max));
};
