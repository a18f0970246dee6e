/** What an answer as a whole does. */
export type Stance = 'answer' | 'refuse' | 'handoff' | 'empty';

const REFUSES =
  /\b(?:(?:i|we)(?:'m| am|’m| are)? (?:sorry,? (?:but )?(?:i |we )?)?(?:can(?:'|’)?t|cannot|can not|won(?:'|’)?t|will not|am not able to|am unable to|(?:'m|’m) (?:not able|unable) to|do not|don(?:'|’)?t) (?:\w{1,14} ){0,3}(?:help|assist|do|share|provide|give|reveal|disclose|tell|answer|discuss|comply|follow|confirm|know|have|find|comment|support|create|write|say|send|carry|execute|perform|act|access|repeat|print|output|go along)|i(?:'m| am|’m) (?:not able|unable|not allowed|not permitted|not in a position) to|i(?:'m| am|’m) not (?:sure|certain|aware)|(?:that|this)(?:'s| is|’s) (?:not something|outside|beyond) (?:i|what|my|the scope)|not something i can|i have no (?:information|record|details|access)|(?:could not|couldn(?:'|’)t|did not|didn(?:'|’)t) find (?:\w{1,14} ){0,4}(?:information|policy|source|answer|rule)|i must decline|i decline|i(?:'d| would|’d) rather not|not (?:allowed|permitted|authori[sz]ed) to|against (?:my|our) (?:guidelines|policy|policies|instructions)|no (?:such )?(?:policy|information) (?:is|was) (?:available|found)|unable to (?:help|assist|provide|share|confirm|answer|comply|do))\b/i;
const HANDS_OFF =
  /\b(?:(?:connect|transfer|forward|escalate|refer|hand|pass|put|direct|route)(?:ing|red)? (?:\w{1,14} ){0,4}(?:to|with|over|through) (?:\w{1,14} ){0,4}(?:team|colleagues?|agents?|human|person|people|staff|specialists?|support|department|representatives?|somebody|someone|advisers?|advisors?)|(?:a|an|one of our|our|another) (?:human |live |support |service )?(?:colleagues?|agents?|human|person|people|specialists?|representatives?|team|member of (?:our|the) (?:\w{1,14} )?team) (?:\w{1,14} ){0,2}(?:will|can|would|to) (?:\w{1,14} ){0,2}(?:help|assist|contact|answer|follow|check|look|reach|get back|confirm|take)|please (?:contact|call|e-?mail|speak to|speak with|reach out to|talk to|get in touch with|write to|ask) (?:\w{1,14} ){0,5}(?:team|support|service|agents?|human|colleagues?|staff|desk|department|person|somebody|us|centre|center))\b/i;

const READ = 4_000;

/** Whether it says no, also where it then hands over. */
export const refuses = (answer: string): boolean => REFUSES.test(answer.slice(0, READ));

/**
 * By its words alone: weak, and weaker the newer the model (agreement with people from 25 % to 86 % by model family). Good
 * for one model against its own past; for more, add a check that proves itself.
 */
export function stanceOf(answer: string): Stance {
  const text = answer.slice(0, READ);
  if (text.trim() === '') return 'empty';
  if (HANDS_OFF.test(text)) return 'handoff';
  return REFUSES.test(text) ? 'refuse' : 'answer';
}
