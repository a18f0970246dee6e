/** `Disable policy-answers` from `disable policy-answers`. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The text as the end of a sentence: with a full stop, unless it ends in one, or in a quote that does. */
export const stopped = (text: string): string => (/[.!?…][”"’')]*$/.test(text) ? text : `${text}.`);
