import { ACCESS_KINDS, PRINCIPAL_KINDS, SIGN_IN_KINDS } from '@firebreak/core/detect/access';
import { EVIDENCE_CLASSES } from '@firebreak/core/detect/signals';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At, Key } from '../shapes.ts';
import { interactionId, signalId, systemKey, timeGiven } from './interactions.ts';
import { BATCH_LIMIT, intakeAnswer, WIRE_LIMIT } from './signals.ts';

const word = z.string().trim().min(1).max(256);

export const signInGiven = z
  .object({
    id: word.nullish().describe("the sender's own id; sending it again changes nothing"),
    system: systemKey,
    at: timeGiven.nullish(),
    who: word.describe('opaque id of the person or program'),
    outcome: z.enum(['let-in', 'refused']),
    key: word.nullish().describe('name or id of the key or credential that was used, never the key itself'),
    country: z
      .string()
      .regex(/^[A-Za-z]{2}$/, 'two letters, ISO 3166-1')
      .nullish(),
    reason: z.string().trim().max(200).nullish().describe('why it was refused'),
  })
  .meta({ id: 'SignInGiven' });

export const SignIn = z
  .object({
    at: At,
    outcome: z.enum(['let-in', 'refused']),
    country: z.string().nullable(),
    reason: z.string().nullable(),
    interaction: interactionId.nullable().describe('that ended so, where one did'),
  })
  .meta({ id: 'SignIn' });

export const UnusualAccess = z
  .object({
    signal: signalId,
    system: z.string(),
    at: At,
    since: At.describe('when what it is made of began'),
    of: z.enum([...PRINCIPAL_KINDS, 'sign-in', 'system']),
    who: z.string().nullable().describe('as the application names it; null: no record of it is kept any more'),
    kind: z.enum([...ACCESS_KINDS, ...SIGN_IN_KINDS]),
    evidenceClass: z.enum(EVIDENCE_CLASSES),
    text: z.string(),
    seen: z.number(),
    usual: z.number().nullable(),
    chance: z.number().nullable().describe('how often chance alone does this in one hour of one who asks'),
    interactions: z.array(interactionId).describe('what it is made of, oldest first, at most 64'),
    signIns: z.array(SignIn).describe('the same, of sign-ins, at most 50'),
  })
  .meta({ id: 'UnusualAccess' });
export type UnusualAccess = z.output<typeof UnusualAccess>;

export const UsualAccess = z
  .object({
    system: z.string(),
    of: z.enum(PRINCIPAL_KINDS),
    principals: z.int().describe('different ones seen'),
    windows: z.int().describe('hours in which somebody asked'),
    known: z.boolean().describe('enough to hold somebody against it'),
    perHour: z.number().describe('requests of one in an hour in which it asks, on average'),
    nearShare: z.number().nullable().describe('of questions that follow one another, nearly the same; null: too few'),
    tokensPerHour: z
      .number()
      .nullable()
      .describe('tokens of one in an hour in which it asks, geometric mean; null: too few hours'),
    spent: z.number().describe('tokens of all on the newest day somebody asked'),
    spentOn: At.nullable().describe('the day it is about, UTC'),
    spenders: z
      .array(
        z.object({
          who: z.string().nullable().describe('as the application names it; null: no record of it is kept any more'),
          interaction: interactionId.describe('its newest'),
          tokens: z.number(),
          over: z.number().describe('at most so many of them may be of others'),
        }),
      )
      .describe('who spent most of them, the most first, at most ten'),
    since: At,
  })
  .meta({ id: 'UsualAccess' });
export type UsualAccess = z.output<typeof UsualAccess>;

export const access = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/access',
    tag: 'Access',
    summary: 'Unusual access of people, sessions and sign-ins, with what it is made of, and what is usual',
    may: 'read',
    query: z.object({ system: Key.optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }),
    answer: z.object({ told: z.array(UnusualAccess), usual: z.array(UsualAccess) }),
  }),
  sendSignIns: endpoint({
    method: 'POST',
    path: '/api/v1/sign-ins',
    tag: 'Intake',
    summary: 'Report who signed in to an AI system or used a key of it, and who was refused',
    may: 'telemetry.send',
    body: z.union([signInGiven, z.array(signInGiven).min(1).max(BATCH_LIMIT)]),
    answer: intakeAnswer,
    refusals: ['telemetry.too-busy', 'telemetry.too-large', 'telemetry.unreadable', 'telemetry.batch-refused'],
    bodyLimit: WIRE_LIMIT,
  }),
};
