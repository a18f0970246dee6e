import type { Sentence } from '../../text/index.ts';
import { sentences } from '../../text/index.ts';
import type { Quantity } from './quantities.ts';
import { quantities } from './quantities.ts';

/** A sentence in which the assistant states a rule or a promise of the organisation. */
export interface Commitment extends Sentence {
  readonly quantities: readonly Quantity[];
  readonly rules: readonly string[];
}

/** Words of the matters organisations make rules about. */
const POLICY =
  /\b(?:polic(?:y|ies)|terms|conditions|refund\w*|returns?|returned|exchang\w+|warrant\w+|guarantee\w*|subscri\w+|plans?|licen[cs]\w+|fees?|charg\w+|prices?|priced|pricing|costs?|discounts?|coupons?|vouchers?|credits?|compensat\w+|reimburs\w+|bereavement|fares?|deposits?|cancel\w*|trials?|limit(?:s|ed|ation|ations)?|devices?|computers?|machines?|seats?|eligib\w+|entitle\w*|cover(?:s|ed|age)|deductible|premium|shipping|delivery|deadline|penalt\w+|upgrade\w*|loyalty|points|baggage|luggage|age|tax\w*|interest|loans?|benefits?|claims?|retention|security feature|restrict\w*|prohibited|free|waive\w*|renew\w*|log ?ins?|logged|sign(?:ed)? (?:in|out)|accounts?|members?(?:hip)?|orders?|bookings?|tickets?|gift cards?|rewards?|insurance|support hours|sharing|transfer\w*)\b/i;
const RULE =
  /\b(?:must|required|requires?|mandatory|only|limited to|limit of|restricted to|at most|no more than|up to|maximum|minimum|at least|cannot|can't|can not|may not|not (?:allowed|permitted|possible|eligible|supported|available|refundable)|non-?refundable|allowed|permitted|prohibited|eligible|entitled|qualif(?:y|ies)|guaranteed?|always|never|automatically|no (?:extra )?(?:fee|charge|cost)s?|free of charge|for free|within|per|each|every|any time|anytime|unlimited|lifetime|waived?|designed to work|possible|excluded|included|covered|available|supported|(?:can|may|will|must|cannot|can't) (?:not |also |only )?be [a-z]{3,15})\b/i;
/** Says by itself that there is a rule, whatever the matter. */
const PERMITS = /\b(?:(?:is|are|be|not) (?:allowed|permitted|prohibited|forbidden|banned|mandatory|compulsory))\b/i;
const OFFER =
  /\b(?:we|our (?:team|company|store|policy|system|airline|bank|service))(?:'ll| will| do| can| also| always| never| only| don't| do not| won't| cannot| can't){0,3} (?:offer|allow|provide|refund|guarantee|cover|waive|match|ship|charge|require|limit|restrict|accept|honou?r|give|include|reimburse|compensate|permit|deliver|extend|keep|store|retain|delete|sell|replace|repair|price)s?\b/i;
const STATED =
  /\b(?:our|company|store|current|official|new|the) (?:\w{1,20} ){0,2}polic(?:y|ies)\b|\bcore security feature\b|\bunder our terms\b|\baccording to our\b/i;
const BENEFIT =
  /\byou(?:'re| are|'ll| will| can| may| could| would| must| have to| need to| also| still| be| only| always| not| won't| cannot| can't){1,4} (?:able to )?(?:return|exchange|cancel|claim|get|receive|keep|redeem|transfer|share|combine|upgrade|downgrade|request|apply for|book|bring|use|install|activate|sign in|log in|pay|entitled|eligible|allowed|refunded|charged|covered|reimbursed|limited|logged out)\b/i;

/** Says that it does not know, sends elsewhere, greets, thanks. No commitment unless it names a figure or a policy. */
const HEDGE =
  /\b(?:i (?:don't|do not|couldn't|could not|can't|cannot|am unable to|was unable to) (?:\w{1,12} ){0,2}(?:have|find|see|know|confirm|locate|say|tell|answer|access)|i(?:'m| am) not (?:sure|certain|aware|able)|not sure|please (?:contact|check|reach|see|refer|visit|let|share|send|provide|reply|tell|try)|i(?:'d| would) (?:recommend|suggest)|let me (?:connect|check|transfer|hand|put|know|pass|look)|(?:a|another|one of our) (?:person|colleagues?|human|agents?|members?) (?:\w{1,12} ){0,3}(?:will|can)|would you|happy to|glad to|thank(?:s| you)|sorry|apologi[sz]e|hope (?:this|that)|is there anything|i(?:'ll| will) (?:check|look|pass|connect|ask|forward|hand))\b/i;
/** Repeats what the person said, or speaks of others. */
const NOT_OURS =
  /^(?:you (?:mentioned|said|wrote|asked|told|noted|are asking|asked about)|if i understand|as you (?:said|mentioned|wrote)|many (?:companies|stores|airlines|providers)|most (?:companies|stores|airlines|providers)|other (?:companies|stores|providers)|some (?:companies|stores|providers)|in general,? (?:companies|stores|airlines)|in the (?:us|eu|uk|united states|european union))\b/i;
/** The state of one person's own thing, which comes from a record and not from a rule book. */
const OWN_STATE =
  /^(?:(?:great|good) news[,:!-]? ?)?(?:it looks like |i (?:can )?see (?:that )?|i found (?:that )?)?(?:your|the) (?:\w{1,20} ){0,3}(?:order|package|parcel|shipment|delivery|appointment|booking|reservation|ticket|invoice|request|account|payment|refund)(?: [#\w-]{1,30})?(?: \([^)]{1,40}\))? (?:is|was|has|will (?:arrive|be delivered|reach)|should arrive|arrives|shipped|left)\b/i;
const RULE_IN_STATE = /\b(?:polic|eligib|entitle|non-?refundable|limited to|only|must|cannot|not allowed|guarantee)/i;

function rulesOf(text: string, figures: readonly Quantity[]): string[] {
  const exact = figures.filter((q) => q.kind !== 'number');
  if (text.endsWith('?')) return [];
  if (NOT_OURS.test(text)) return [];
  if (OWN_STATE.test(text) && !RULE_IN_STATE.test(text)) return [];
  const rules: string[] = [];
  const aboutPolicy = POLICY.test(text);
  if (STATED.test(text)) rules.push('states-policy');
  if ((aboutPolicy && RULE.test(text)) || PERMITS.test(text)) rules.push('rule-word');
  if (exact.length > 0 && (aboutPolicy || /\b(?:we|our|you)\b/i.test(text))) rules.push('figure');
  if (OFFER.test(text)) rules.push('offer');
  if (aboutPolicy && BENEFIT.test(text)) rules.push('entitlement');
  if (HEDGE.test(text) && exact.length === 0) return [];
  return rules;
}

/** The sentences of an answer that state a rule or a promise, with why. */
export function commitments(text: string): Commitment[] {
  const found: Commitment[] = [];
  for (const sentence of sentences(text, 400)) {
    if (sentence.text.length < 12 || sentence.text.length > 1_000) continue;
    const figures = quantities(sentence.text);
    const rules = rulesOf(sentence.text, figures);
    if (rules.length > 0) found.push({ ...sentence, quantities: figures, rules });
  }
  return found;
}

/** Whether a question or answer is about a matter of policy at all. */
export const isAboutPolicy = (text: string): boolean => POLICY.test(text);
