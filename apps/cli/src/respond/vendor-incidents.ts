import { vendorIncidents as doors } from '@firebreak/contract/respond/vendor-incidents';
import type { Register } from '../cli.ts';

/** `firebreak vendors incidents`, `firebreak vendors call` */
export const vendorIncidents: Register = (program, cli) => {
  const group = program.commands.find((each) => each.name() === 'vendors')!;
  group
    .command('incidents [vendor]')
    .description('how many incidents the systems of each vendor had; of one vendor, which')
    .action(async (vendor: string | undefined) => {
      if (vendor === undefined) {
        const { vendors } = await cli.client().call(doors.counts, {});
        return cli.table(
          vendors,
          [
            { head: 'vendor', of: (it) => it.name },
            { head: 'last 365 days', of: (it) => it.lastYear },
            { head: 'in all', of: (it) => it.total },
            { head: 'open', of: (it) => it.open },
            { head: 'near misses', of: (it) => it.nearMisses },
          ],
          vendors,
        );
      }
      const answer = await cli.client().call(doors.ofVendor, { params: { vendor } });
      cli.table(
        answer.incidents,
        [
          { head: 'incident', of: (it) => it.label },
          { head: 'sev', of: (it) => it.severity },
          { head: 'title', of: (it) => it.title },
          { head: 'systems', of: (it) => it.systems.join(' ') },
          {
            head: 'counted',
            of: (it) => (it.through ? 'no, through another' : it.kind === 'near-miss' ? 'near miss' : 'yes'),
          },
        ],
        answer,
      );
    });
  group
    .command('call <incident>')
    .description('whom to call at the vendors that the systems of an incident use')
    .action(async (incident: string) => {
      const { vendors } = await cli.client().call(doors.ofIncident, { params: { incident } });
      cli.table(
        vendors.flatMap(({ name, contacts, statusPage }) =>
          contacts === null || contacts.length === 0
            ? [
                {
                  vendor: name,
                  name: 'NOBODY IS NAMED',
                  address: statusPage,
                  hours: '',
                  answerMinutes: null as number | null,
                },
              ]
            : contacts.map((it) => ({
                vendor: name,
                name: it.name,
                address: it.address,
                hours: it.hours,
                answerMinutes: it.answerMinutes,
              })),
        ),
        [
          { head: 'vendor', of: (it) => it.vendor },
          { head: 'name', of: (it) => it.name },
          { head: 'address', of: (it) => it.address },
          { head: 'hours', of: (it) => it.hours || null },
          { head: 'answers in', of: (it) => (it.answerMinutes === null ? null : `${it.answerMinutes} min`) },
        ],
        vendors,
      );
    });
};
