import type { Slice } from '../../platform/index.ts';
import { routes } from './routes.ts';

/** What anybody reports through the public page: kept as feedback, looked at by people, answered by its reference. */
export const reports: Slice = {
  name: 'reports',
  routes,
  personal: { 'report.answered': ['text'] },
};
