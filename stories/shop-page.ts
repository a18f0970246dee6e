import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature, type Provider, ProviderEvents } from '@openfeature/web-sdk';

/** What a shop loads into its page: an assistant that is shown while Firebreak lets it answer. Bundled by the story. */
const { searchParams } = new URL(location.href);
const shown = document.querySelector('output')!;
const client = OpenFeature.getClient();
const show = (): void => {
  const { value, flagMetadata } = client.getBooleanDetails('contain.support-bot.policy-answers.allowed', false);
  shown.textContent = value ? 'The assistant answers.' : `The assistant rests: ${flagMetadata.message}`;
};
client.addHandler(ProviderEvents.ConfigurationChanged, show);

const provider = new OFREPWebProvider({
  baseUrl: searchParams.get('firebreak')!,
  headers: [['authorization', `Bearer ${searchParams.get('key')}`]],
});
OpenFeature.setContext({ targetingKey: 'visitor-1', system: 'support-bot' })
  // Its types do not know `exactOptionalPropertyTypes`.
  .then(() => OpenFeature.setProviderAndWait(provider as unknown as Provider))
  .then(show, (error: Error) => {
    shown.textContent = `Nothing was heard: ${error.message}`;
  });
