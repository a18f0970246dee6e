import './ui/base.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from './app/ask.ts';
import { router } from './app/router.tsx';
import { followSystemTheme } from './app/theme.ts';

followSystemTheme();
// After an upgrade an open page asks for parts that are gone; the new page has them.
window.addEventListener('vite:preloadError', () => location.reload());
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
