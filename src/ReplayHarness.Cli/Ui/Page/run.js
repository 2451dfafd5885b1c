fill(byId('way'), el('a', { href: '/' }, '← incidents'));
