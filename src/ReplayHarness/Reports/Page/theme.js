// Light and dark follow the system until the button is pressed.
const themeButton = () => el('button', { type: 'button', id: 'theme', title: 'Light or dark', 'aria-label': 'Light or dark', onclick: () => {
  const root = document.documentElement;
  const dark = getComputedStyle(root).colorScheme === 'dark' || (root.style.colorScheme === '' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.style.colorScheme = dark ? 'light' : 'dark';
} }, '◐');
