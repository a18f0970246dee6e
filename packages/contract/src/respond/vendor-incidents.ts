import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Contact, Dependant, Responsibility, vendorInPath } from '../prepare/vendors.ts';
import { IncidentRow } from './incidents.ts';

const counts = {
  total: z.int().describe('incidents of systems that use the vendor themselves'),
  lastYear: z.int().describe('of the last 365 days'),
  open: z.int(),
  nearMisses: z.int(),
};
export const VendorFrequency = z
  .object({ vendor: z.string(), name: z.string(), ...counts })
  .meta({ id: 'VendorFrequency' });
export type VendorFrequency = z.output<typeof VendorFrequency>;
export const VendorInRoom = z
  .object({
    vendor: z.string(),
    name: z.string(),
    statusPage: z.string(),
    contacts: z.array(Contact).nullable(),
    responsibilities: z.array(Responsibility),
    dependants: z.array(Dependant).describe('those of this incident’s systems that use it'),
  })
  .meta({ id: 'VendorInRoom' });
export type VendorInRoom = z.output<typeof VendorInRoom>;

const tag = 'Vendors';

export const vendorIncidents = {
  counts: endpoint({
    method: 'GET',
    path: '/api/v1/vendor-incidents',
    tag,
    summary: 'How many incidents the systems of each vendor had; drills are not counted',
    may: 'read',
    answer: z.object({ vendors: z.array(VendorFrequency) }),
  }),
  ofVendor: endpoint({
    method: 'GET',
    path: '/api/v1/vendors/:vendor/incidents',
    tag,
    summary: 'Incidents whose systems use a vendor, newest first: which, and how many',
    may: 'read',
    params: vendorInPath,
    answer: z.object({
      ...counts,
      incidents: z
        .array(
          IncidentRow.extend({
            through: z.boolean().describe('only a system that needs another that uses the vendor; not counted'),
          }),
        )
        .describe('at most 200'),
      more: z.boolean(),
    }),
    refusals: ['vendor.unknown'],
  }),
  ofIncident: endpoint({
    method: 'GET',
    path: '/api/v1/incidents/:incident/vendors',
    tag,
    summary: 'The vendors that the systems of an incident use, with whom to call',
    may: 'read',
    params: z.object({ incident: z.string().min(5).max(80) }),
    answer: z.object({ vendors: z.array(VendorInRoom) }),
    refusals: ['incident.unknown'],
  }),
};
