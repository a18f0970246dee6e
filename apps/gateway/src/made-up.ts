/** Marks a made-up request of this very process. Nobody else knows the word, so nobody else's request is taken for one. */
export const DOOR_HEADER = 'x-firebreak-made-up';
