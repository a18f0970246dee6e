// Runs before the first paint, so that a dark screen never flashes white. Kept in step with src/app/theme.ts.
(() => {
  let chosen = 'system';
  try {
    chosen = localStorage.getItem('firebreak.theme') || 'system';
  } catch {}
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
