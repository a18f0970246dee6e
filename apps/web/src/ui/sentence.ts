/** `Disable policy-answers` from `disable policy-answers`. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
