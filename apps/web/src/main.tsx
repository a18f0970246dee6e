import './ui/base.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from './app/ask.ts';
import { router } from './app/router.tsx';
import { followSystemTheme } from './app/theme.ts';
import { reloadAfterUpgrade } from './app/upgrade.ts';

followSystemTheme();
window.addEventListener('vite:preloadError', reloadAfterUpgrade);
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
