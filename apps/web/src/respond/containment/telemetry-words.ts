const WORDS: Readonly<Record<string, readonly [string, string]>> = {
  interaction: ['interaction', 'interactions'],
  signal: ['signal', 'signals'],
  sealed: ['sealed record', 'sealed records'],
  feedback: ['word of feedback', 'words of feedback'],
};

/** What telemetry held when a manifest was taken: `4 interactions, 6 signals`. Empty when it held nothing. */
export function telemetryWords(telemetry: Readonly<Record<string, { readonly rows: number }>>): string {
  return Object.entries(telemetry)
    .map(([kind, { rows }]) => {
      const words = WORDS[kind] ?? [kind, kind];
      return `${rows.toLocaleString('en')} ${rows === 1 ? words[0] : words[1]}`;
    })
    .join(', ');
}
