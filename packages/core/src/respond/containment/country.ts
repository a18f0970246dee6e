const SMALL_A = 97;

/** Two letters, in capitals; undefined for anything else and for what proxies write when they do not know: XX, ZZ, T1, A1, A2. */
export function knownCountry(said: string | undefined): string | undefined {
  if (said === undefined || said.length !== 2) return undefined;
  const plain = said.charCodeAt(0) < SMALL_A && said.charCodeAt(1) < SMALL_A;
  const country = plain ? said : said.toUpperCase();
  const isLetter = country.charCodeAt(1) >= 65;
  return isLetter && country !== 'XX' && country !== 'ZZ' ? country : undefined;
}
