import { afterEach } from 'vitest';
import { onThePages } from './stage.ts';

const MOST = 600;

// On another machine the line of the failure is all there is: it also says what the pages showed.
afterEach(async ({ task }) => {
  const [error] = task.result?.state === 'fail' ? (task.result.errors ?? []) : [];
  if (error === undefined) return;
  const [first, ...rest] = (error.stack ?? error.message).split('\n');
  const pages = (await onThePages()).map((text) => text.slice(0, MOST)).join(' | ');
  error.stack = [`${first} The pages showed: ${pages}`, ...rest].join('\n');
});
