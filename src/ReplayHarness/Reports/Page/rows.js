const tallest = 26, ahead = 12, mostPrinted = 600;

// Many rows of one height, of which only those that are in sight are in the document.
class Rows {
  // make: the element of the row at a place. above: how much of the view something else covers.
  constructor(view, space, height, make, above = () => 0) { Object.assign(this, { view, space, height, make, above, count: 0 }); }

  set(count) {
    this.count = count;
    this.space.style.height = `${count * this.height}px`;
  }

  // anew: though the same are in sight; all: for paper. False where nothing was to do.
  draw(anew = false, all = false) {
    const first = all ? 0 : Math.max(0, Math.floor(this.view.scrollTop / this.height) - ahead);
    const drawn = all ? mostPrinted : Math.ceil((this.view.clientHeight || tallest * this.height) / this.height) + 2 * ahead;
    if (!anew && first === this.first && drawn === this.drawn) return false;
    [this.first, this.drawn] = [first, drawn];
    const rows = [];
    for (let row = first; row < Math.min(first + drawn, this.count); row++) {
      const element = this.make(row);
      element.style.top = `${row * this.height}px`;
      rows.push(element);
    }
    this.space.replaceChildren(...rows);
    return true;
  }

  // Scrolls no more than it must, and leaves some rows around it.
  reveal(row) {
    const [top, bottom] = [row * this.height, (row + 1) * this.height], sight = this.view.clientHeight - this.above();
    if (top < this.view.scrollTop) this.view.scrollTop = Math.max(0, top - 3 * this.height);
    else if (bottom > this.view.scrollTop + sight) this.view.scrollTop = bottom - sight + 3 * this.height;
  }
}
