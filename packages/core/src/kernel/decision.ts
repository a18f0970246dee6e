/** The domain says no. `refused` is a code of docs/problems; `why` is a sentence a person can act on. */
export interface Refusal {
  readonly refused: string;
  readonly why: string;
  /** RFC 6901 pointer into the command, where one member is to blame. */
  readonly pointer?: string;
}

/** What a command decides: the facts to record (none: already so), or a refusal. */
export type Decision<F> = readonly F[] | Refusal;

export function refuse(code: string, why: string, pointer?: string): Refusal {
  return pointer === undefined ? { refused: code, why } : { refused: code, why, pointer };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}
