import { createGuard } from '@firebreak/guard';

/** A guard in a process of its own, to be stopped and blocked. */
const { URL_ = '', KEY = '', SYSTEM = '', INSTANCE = '' } = process.env;
const guard = await createGuard({ url: URL_, key: KEY, system: SYSTEM, instance: INSTANCE, bootFailMode: 'deny' });
await guard.ready();
process.on('message', (blockMs: number) => {
  const end = Date.now() + blockMs;
  while (Date.now() < end);
  process.send?.('over');
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
