const states = { remaining: '✗ shows', appeared: '✗ new', removed: '✓ gone', imposed: '∙ imposed by the mock', none: '' };

const headOf = (data, jump) => {
  const run = data.captured.attempts[0];
  const step = i => el('button', { type: 'button', class: `link ${run.spans[i].mark ?? ''}`, onclick: () => jump(i) }, run.spans[i].name);
  return [
    el('div', { class: 'bar-of-title' }, el('h1', {}, data.incident), themeButton()),
    el('p', { class: 'hint' }, [data.capturedAt, data.selected, `shape ${data.fingerprint}`,
      data.captured.attempts.length === 0 ? 'the captured traces do not lie beside the fixture' : data.captured.attempts.length === 1 ? 'one attempt' : `${data.captured.attempts.length} attempts${data.deterministic ? ', every one failed alike' : ''}`].join(' · ')),
    run && run.cause !== undefined ? [
      el('p', { class: 'error' }, el('b', {}, 'Cause: '), step(run.cause), run.error ? ` ${run.error}` : ''),
      run.unwind.length ? el('p', { class: 'path' }, el('b', {}, 'Unwind path: '), [...run.unwind, run.cause].flatMap((i, n) => [n ? ' › ' : '', step(i)])) : null,
    ] : null,
  ];
};

const cardOf = agent => el('article', { class: 'card' },
  el('h3', {}, agent.label, ' ', badge(agent.verdict)), el('p', {}, agent.sentence),
  agent.allMeans ? el('p', { class: 'hint' }, `all schedules: ${agent.allMeans}`) : null,
  agent.uncontrolled.map(what => el('p', { class: 'hint' }, `not controlled: ${what}`)), el('code', {}, agent.command));

const findingsOf = (hypothesis, agents) => el('table', { class: 'findings' },
  el('thead', {}, el('tr', {}, ['finding', 'speaks of', 'captured', ...agents.map(a => a.label)].map(name => el('th', { scope: 'col' }, name)))),
  el('tbody', {}, hypothesis.findings.map(f => el('tr', {},
    el('th', { scope: 'row' }, f.rule, el('span', { class: 'hint' }, ` ${f.role}, ${f.errorClass}`)), el('td', {}, `the ${f.kind}`), el('td', {}, f.captured ? '✗ shows' : ''),
    f.cells.map(cell => el('td', { class: cell.state }, states[cell.state], cell.text ? el('span', { class: 'hint' }, ` ${cell.text}`) : null))))));

const shapesOf = shapes => shapes.length === 0 ? null : el('div', { class: 'shapes' }, shapes.map(shape => {
  const share = el('i', {});
  share.style.width = `${Math.max(shape.share * 100, 0.5)}%`;
  return el('details', {}, el('summary', {}, el('span', { class: 'share' }, share), el('code', {}, shape.fingerprint), ` × ${shape.count}`), el('pre', {}, shape.text));
}));

const whyOf = why => why && el('div', { class: 'why' },
  why.constraint ? el('p', {}, el('b', {}, 'Why: '), why.constraint) : null,
  why.steps.length ? el('details', {}, el('summary', {}, `Nearest failing schedule: ${why.departures}${why.inevitable ? `; inevitable after step ${why.inevitable} of ${why.steps.length}` : ''}`),
    el('table', { class: 'steps' }, el('thead', {}, el('tr', {}, ['step', 'at', 'ends', 'although these could have'].map(name => el('th', { scope: 'col' }, name)))),
      el('tbody', {}, why.steps.map(s => el('tr', { class: s.step === why.inevitable ? 'inevitable' : null }, el('td', {}, s.step), el('td', { class: 'time' }, seconds(s.seconds * 1000)), el('td', {}, s.chosen), el('td', {}, s.instead.join(', ')))))))
    : null);

const verdictOf = verdict => el('article', { class: 'card' },
  el('h3', {}, verdict.label, ' ', badge(verdict.verdict), verdict.counts ? null : el('span', { class: 'hint' }, ' (does not count)')),
  verdict.verdict === 'diverged' && verdict.reasons.length ? divergence(verdict.reasons) : el('p', {}, verdict.sentence),
  whyOf(verdict.why),
  verdict.races.map(race => el('p', {}, el('b', {}, 'Race: '), race)),
  verdict.verdict === 'diverged' ? null : verdict.reasons.slice(1).map(reason => el('p', { class: 'hint' }, `also: ${reason}`)),
  verdict.drift.map(drift => el('p', { class: 'hint' }, 'drift: ', withChanges(drift))),
  el('p', { class: 'hint' }, verdict.schedules),
  shapesOf(verdict.shapes));

const hypothesisOf = (hypothesis, agents) => [
  el('p', { class: 'claim' }, hypothesis.claim),
  findingsOf(hypothesis, agents),
  el('div', { class: 'cards' }, hypothesis.verdicts.map(verdictOf)),
];
