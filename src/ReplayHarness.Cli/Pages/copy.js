// A page that is a file may be refused the clipboard: then what is selected is copied.
const copy = async (text, from) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(from);
    return document.execCommand('copy');
  }
};

const commandOf = (command, say) => {
  const text = el('pre', {}, command);
  const button = el('button', { type: 'button', class: 'copy', onclick: async () => say(await copy(command, text) ? 'The command is copied' : 'The command is selected: copy it with your keys') }, 'copy');
  return el('div', { class: 'again' }, text, button);
};
