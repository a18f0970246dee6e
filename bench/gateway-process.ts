import { createGuard } from '@firebreak/guard';
import { createGateway } from '../apps/gateway/src/index.ts';
import { STAND_IN_KEY } from '../conformance/stand-in-control-plane.ts';

export interface Start {
  readonly controlUrl: string;
  readonly vendorUrl: string;
  /** One whose streams never end, for stopping them. */
  readonly endlessUrl: string;
}

/** The gateway of the bench, in a process of its own, so that its CPU can be read from the process accounting. */
process.on('message', async (task: Start | { readonly cpu: true }) => {
  if ('cpu' in task) {
    const { user, system } = process.cpuUsage();
    process.send?.({ us: user + system });
    return;
  }
  const guard = await createGuard({ url: task.controlUrl, key: STAND_IN_KEY, system: '*', bootFailMode: 'deny' });
  await guard.ready();
  let recorded = 0;
  const gateway = await createGateway({
    port: 0,
    guard,
    upstreams: { openai: task.vendorUrl, endless: task.endlessUrl },
    record: (interaction) => {
      recorded += JSON.stringify(interaction).length;
    },
  });
  process.send?.({ url: gateway.url, recorded });
});
