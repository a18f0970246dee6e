/** The help articles of Larkspur Notes, a fictional firm. What is not written here is not its policy. */
export interface Article {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

const ARTICLES: readonly Article[] = [
  {
    id: 'devices',
    title: 'Using Larkspur on several devices',
    text: 'You can sign in on up to five devices with one subscription. To remove a device, open Settings and choose Devices. Your notes stay in step on all of them.',
  },
  {
    id: 'refunds',
    title: 'Refunds',
    text: 'You can have a full refund within 30 days of the first payment. Write to us and name the e-mail address of the account. After 30 days we do not refund.',
  },
  {
    id: 'cancelling',
    title: 'Cancelling a subscription',
    text: 'You can cancel at any time under Settings, Subscription. Your access ends with the period you have paid for. Your notes can be exported for 90 days afterwards.',
  },
  {
    id: 'students',
    title: 'Prices for students',
    text: 'Students and teachers pay half the price with an address of a school or university. The proof is asked for once a year.',
  },
  {
    id: 'sharing',
    title: 'Sharing notebooks',
    text: 'You can share a notebook with up to ten people. They need an account, which may be a free one.',
  },
];

const word = /[a-z]{3,}/g;
const DULL = new Set(
  'the and can you how what does for with this that are your use have get our many much one any will not'.split(' '),
);
const wordsOf = (text: string): Set<string> =>
  new Set(
    [...(text.toLowerCase().match(word) ?? [])]
      .map((w) => w.replace(/(?:ing|es|s|ed)$/, ''))
      .filter((w) => !DULL.has(w)),
  );

/** The articles that share most words with a question; none where none shares any. */
export function findArticles(question: string, most = 2): Article[] {
  const asked = wordsOf(question);
  return ARTICLES.map((article) => {
    const title = wordsOf(article.title);
    const text = wordsOf(article.text);
    return { article, score: [...asked].reduce((sum, w) => sum + (title.has(w) ? 3 : 0) + (text.has(w) ? 1 : 0), 0) };
  })
    .filter(({ score }) => score >= 2)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ article }) => article);
}
