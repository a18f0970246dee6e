import { at, type Delivery, isMembers, list, moment, word } from './delivery.ts';

const MOST_TEXT = 20_000;

/**
 * A prompt-version webhook of Langfuse: `{ id, timestamp, type: 'prompt-version', action, prompt }`. The label named
 * `deployment` says that the version is live there. When a label moves, the version that loses it is told of as well:
 * that is no change of its own. Source: langfuse.com/docs, Prompt webhooks, API version v1.
 */
export function readLangfuse(payload: unknown, deployment: string): Delivery {
  if (!isMembers(payload)) return { unreadable: 'the body is not a JSON object' };
  const type = word(payload.type);
  if (type === null) return { unreadable: '/type is missing' };
  if (type !== 'prompt-version') return { ignored: `“${type}” tells of no prompt version` };
  const action = word(payload.action) ?? 'created';
  if (action === 'deleted') return { ignored: 'a version that was deleted is not live' };
  const prompt = payload.prompt;
  const name = word(at(prompt, 'name'));
  const version = word(at(prompt, 'version'));
  if (name === null) return { unreadable: '/prompt/name is missing' };
  if (version === null) return { unreadable: '/prompt/version is missing' };
  const live = list(at(prompt, 'labels'), 50).some((label) => label === deployment);
  if (action === 'updated' && !live) return { ignored: `version ${version} does not carry the label “${deployment}”` };
  const told = word(payload.id) ?? `${name}:${version}:${action}:${word(payload.timestamp) ?? ''}`;
  return {
    changes: [
      {
        key: `langfuse:${told}`.slice(0, 256),
        kind: 'prompt',
        subject: name,
        from: null,
        to: `v${version}`,
        text: textOf(at(prompt, 'prompt')),
        note: word(at(prompt, 'commitMessage'), 2_000) ?? '',
        link: '',
        occurredAt: moment(at(prompt, action === 'updated' ? 'updatedAt' : 'createdAt')) ?? moment(payload.timestamp),
        live,
      },
    ],
  };
}

/** A text prompt as it is, a chat prompt with the role before each message. */
function textOf(prompt: unknown): string | null {
  if (typeof prompt === 'string') return prompt.slice(0, MOST_TEXT);
  if (!Array.isArray(prompt)) return null;
  return list(prompt, 200)
    .flatMap((message) => {
      const content = at(message, 'content') ?? at(message, 'name');
      return typeof content === 'string' ? [`${word(at(message, 'role')) ?? 'placeholder'}:\n${content}`] : [];
    })
    .join('\n')
    .slice(0, MOST_TEXT);
}
