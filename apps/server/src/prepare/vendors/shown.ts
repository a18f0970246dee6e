import {
  type Dependant,
  dependantsOf,
  foldQuestions,
  foldVendor,
  type NeedingSystem,
  VENDOR_QUESTIONS_STREAM,
  type Vendor,
  type VendorQuestion,
  vendorGaps,
} from '@firebreak/core/prepare/vendors';
import { type Deps, loadStream, type Sql } from '../../platform/index.ts';
import { heldSystems } from '../inventory/index.ts';
import { findVendor, listVendors, type StoredVendor } from './board.ts';

const MOST_DEPENDANTS = 500;

export const systemsInUse = async (sql: Sql): Promise<NeedingSystem[]> =>
  (await heldSystems(sql)).filter(({ retired }) => !retired);

export const questionsAsked = async (sql: Sql): Promise<readonly VendorQuestion[]> =>
  foldQuestions(await loadStream(sql, VENDOR_QUESTIONS_STREAM));

/** Stands for contacts where only their number is known, so that the gaps can be told without reading anybody's address. */
const counted = ({ contactCount, timedContacts, ...vendor }: StoredVendor): Vendor => ({
  ...vendor,
  contacts: Array.from({ length: contactCount }, (_, i) => ({
    name: '',
    how: 'phone' as const,
    address: '',
    hours: '',
    answerMinutes: i < timedContacts ? 1 : null,
    contract: '',
  })),
});

function rowOf(deps: Deps, vendor: Vendor, systems: readonly NeedingSystem[], questions: readonly VendorQuestion[]) {
  const dependants = vendor.retired === null ? dependantsOf(vendor, systems) : [];
  const { contacts, answers: _, registeredAt: __, ...said } = vendor;
  return {
    ...said,
    supplies: [...vendor.supplies],
    aliases: [...vendor.aliases],
    contactCount: contacts?.length ?? 0,
    responsibilities: [...vendor.responsibilities],
    gaps: vendor.retired === null ? vendorGaps(vendor, questions, deps.now()) : [],
    dependants: dependants.slice(0, MOST_DEPENDANTS),
    dependantCount: dependants.length,
  };
}

export async function showVendors(deps: Deps, stored: readonly StoredVendor[], systems: readonly NeedingSystem[]) {
  const questions = await questionsAsked(deps.db);
  return stored.map((vendor) => rowOf(deps, counted(vendor), systems, questions));
}

export async function showVendor(deps: Deps, vendor: Vendor) {
  const questions = await questionsAsked(deps.db);
  return {
    ...rowOf(deps, vendor, await systemsInUse(deps.db), questions),
    contacts: vendor.contacts && [...vendor.contacts],
    questions: questions.map((question) => ({
      question,
      answer: vendor.answers.find((each) => each.question === question.id) ?? null,
    })),
  };
}

/** The vendor that answers to an id, a name or an alias, whole; null where there is none. */
export async function readVendor(sql: Sql, named: string): Promise<Vendor | null> {
  const id = await findVendor(sql, named);
  return id === null ? null : foldVendor(await loadStream(sql, id));
}

/** Every vendor in use, with the systems that depend on it. */
export async function vendorsInUse(
  sql: Sql,
): Promise<{ readonly id: string; readonly name: string; readonly dependants: readonly Dependant[] }[]> {
  const systems = await systemsInUse(sql);
  return (await listVendors(sql, false)).map((vendor) => ({
    id: vendor.id,
    name: vendor.name,
    dependants: dependantsOf(vendor, systems),
  }));
}
