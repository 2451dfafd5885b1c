const block = (title, text, other) => [
  el('h4', {}, title),
  other !== undefined && other !== null && other !== text
    ? [el('p', { class: 'hint' }, 'compared with the captured run'), diffOf(other, text)]
    : el('pre', {}, laidOut(text)),
];

const partOf = part => part.kind === 'text' ? el('pre', {}, laidOut(part.text))
  : el('div', { class: `part ${part.kind}` }, el('span', { class: 'hint' }, { call: 'calls', result: 'result of', error: 'error of' }[part.kind], ' ', part.name ?? ''), el('pre', {}, laidOut(part.text)));

const messageOf = message => el('div', { class: 'message' }, el('span', { class: 'role' }, message.role), message.parts.map(partOf));

const messagesOf = (title, places, known, all) => {
  if (!places) return el('p', { class: 'hint' }, `${title}: not recorded`);
  const fresh = places.filter(place => !known.has(place)), old = places.filter(place => known.has(place));
  return [
    el('h4', {}, title),
    old.length ? el('details', {}, el('summary', {}, `${old.length} as in the call before`), old.map(place => messageOf(all[place]))) : null,
    fresh.map(place => messageOf(all[place])),
  ];
};

// What the same call was in the other runs.
const othersOf = (span, from, panels, jump) => {
  const rows = panels.filter(p => p !== from && p.element.isConnected).flatMap(p => p.spans.map((s, i) => [p, s, i]).filter(([, s]) => span.key && s.key === span.key).slice(0, 1));
  if (rows.length === 0) return null;
  return [
    el('h4', {}, 'The same call in the other runs'),
    el('table', {}, rows.map(([panel, other, i]) => el('tr', {},
      el('td', {}, el('button', { type: 'button', class: 'link', onclick: () => jump(panel, i) }, panel.panel.title)),
      el('td', { class: 'time' }, seconds(other.end - other.start)),
      el('td', {}, other.error ?? 'ok')))),
  ];
};

const details = (span, panel, panels, data, { jump, close }) => {
  const origin = panels.find(p => p.panel === data.captured && p !== panel);
  const captured = origin?.spans.find(s => span.key && s.key === span.key);
  const before = panel.spans.filter(s => s.model && s.start < span.start).at(-1);
  const { model, tool } = span;
  return [
    el('div', { class: 'bar-of-title' }, el('h3', {}, span.name), el('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: close }, '✕')),
    el('p', {}, badge(span.kind), ' ', span.mark ? badge(span.mark) : null, ' ', `${seconds(span.end - span.start)}, from ${seconds(span.start)} of the run`),
    el('p', { class: 'hint' }, `${panel.panel.title} · span ${span.id}`, span.sibling ? ` · ${span.sibling}` : ''),
    span.error ? el('p', { class: 'error' }, span.error) : null,
    raceDetails(span, panel, jump),
    othersOf(span, panel, panels, jump),
    tool ? [
      tool.arguments ? block('Arguments', tool.arguments, captured?.tool?.arguments) : el('p', { class: 'hint' }, 'Arguments: not recorded'),
      tool.result ? block('Result', tool.result, captured?.tool?.result) : span.error ? null : el('p', { class: 'hint' }, 'Result: not recorded'),
    ] : null,
    model ? [
      el('p', { class: 'hint' }, [model.model, model.finish, model.inputTokens !== undefined ? `${model.inputTokens} tokens in` : null, model.outputTokens !== undefined ? `${model.outputTokens} out` : null, model.attempts > 1 ? `${model.attempts} attempts` : null].filter(Boolean).join(' · ')),
      messagesOf('Answer', model.output, new Set(), data.messages),
      messagesOf('Asked', model.input, new Set(before?.model.input ?? []), data.messages),
    ] : null,
    span.fields?.length ? el('details', {}, el('summary', {}, `${span.fields.length} attributes`), el('table', { class: 'fields' }, span.fields.map(f => el('tr', {}, el('th', {}, f.name), el('td', {}, f.value))))) : null,
  ];
};
