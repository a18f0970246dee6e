/** A long computation in short steps, so that whoever runs it may do other things in between. */
export type Work<T> = Generator<undefined, T, undefined>;

/** Runs it to its end at once. */
export function finish<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** One step for each item. */
export function* eachOf<A, B>(items: readonly A[], does: (item: A) => B): Work<B[]> {
  const out: B[] = [];
  for (const item of items) {
    out.push(does(item));
    yield;
  }
  return out;
}
