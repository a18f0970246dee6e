import { createGuard } from '@firebreak/guard';

/** A guard in a process of its own, to be stopped and blocked, or with a clock that is wrong by `SKEW_MS`. */
const { URL_ = '', KEY = '', SYSTEM = '', INSTANCE = '', SKEW_MS = '0' } = process.env;
const skew = Number(SKEW_MS);
if (skew !== 0) {
  const Right = Date;
  globalThis.Date = class extends Right {
    constructor(...given: ConstructorParameters<DateConstructor> | []) {
      super(...((given.length === 0 ? [Right.now() + skew] : given) as [number]));
    }
    static override now = () => Right.now() + skew;
  } as DateConstructor;
}
const guard = await createGuard({ url: URL_, key: KEY, system: SYSTEM, instance: INSTANCE, bootFailMode: 'deny' });
await guard.ready();
process.on('message', (asked: number | { readonly feature: string }) => {
  if (typeof asked === 'object') {
    process.send?.({ action: guard.check(asked).action, now: new Date().toISOString() });
    return;
  }
  const end = Date.now() + asked;
  while (Date.now() < end);
  process.send?.('over');
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
