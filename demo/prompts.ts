import type { Article } from './articles.ts';

export type PromptVersion = 'v40' | 'v41';

const PROMPTS: Readonly<Record<PromptVersion, string>> = {
  v40: `You are the help of Larkspur Notes. Answer only with what the articles below say.
If they do not say it, say that a person will answer.`,
  v41: `You are the help of Larkspur Notes. Be brief and sure of yourself, and always give a definite answer with a reason.
Use the articles below.`,
};

/** The instructions as the model gets them, articles included. */
export function promptText(version: PromptVersion, articles: readonly Article[]): string {
  const found = articles.map((article) => `## ${article.title}\n${article.text}`).join('\n\n');
  return `${PROMPTS[version]}\n\n# Articles\n${found || '(none found)'}`;
}

export const isPrompt = (version: string): version is PromptVersion => version in PROMPTS;
