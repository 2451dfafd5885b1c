// Two accesses that nothing puts in order: each is marked in its lane, 1a and 1b, and told below the run.
const markRaces = attempt => (attempt.races ?? []).forEach((race, n) => race.accesses.forEach((access, m) => {
  Object.assign(access, { mark: `${n + 1}${'ab'[m]}`, race, other: race.accesses[1 - m] });
  (attempt.spans[access.span].races ??= []).push(access);
}));

const placeOf = access => access.method + (access.where ? ` (${access.where})` : '');

const toldOf = access => `race ${access.mark}: ${access.does} ${access.race.shared} at ${seconds(access.at)}: ${placeOf(access)}`;

const pinOf = (access, axis) => {
  const at = axis.at(access.at), { other } = access;
  if (at < -0.01 || at > 100.01) return null;
  // Its edge is at the time: it stands before that, and after it where the lane begins or the other one is.
  const after = at < 3 || (access.mark.endsWith('b') && access.span === other.span && Math.abs(at - axis.at(other.at)) < 3);
  const pin = el('i', { class: `pin${after ? ' after' : ''}`, title: [toldOf(access), access.source].filter(Boolean).join('\n'), 'aria-hidden': true }, access.mark);
  pin.style.left = `${at}%`;
  return pin;
};

const racesOf = panel => (panel.run.races ?? []).map(race => [
  el('h4', {}, `Race: ${race.shared}`, el('span', { class: 'hint' }, ' nothing puts these two in order')),
  el('table', {}, race.accesses.map(access => el('tr', {},
    el('td', {}, badge('race', access.mark)),
    el('td', { class: 'time' }, seconds(access.at)),
    el('td', {}, el('button', { type: 'button', class: 'link', onclick: () => panel.choose(panel, access.span, true) }, panel.spans[access.span].name)),
    el('td', {}, `${access.does} it: ${placeOf(access)}`, access.source ? el('pre', {}, access.source) : null)))),
]);

const raceDetails = (span, panel, jump) => (span.races ?? []).map(access => [
  el('h4', {}, `Race ${access.mark}: `, access.race.shared),
  el('p', {}, `${access.does} it at ${seconds(access.at)}`, access.after ? ` after ${access.after}` : '', `: ${placeOf(access)}`),
  access.source ? el('pre', {}, access.source) : null,
  el('p', {}, 'in no order with ', access.other.span === access.span ? `${access.other.mark}, in the same call` : el('button', { type: 'button', class: 'link', onclick: () => jump(panel, access.other.span) }, `${access.other.mark}, ${panel.spans[access.other.span].name}`)),
]);
