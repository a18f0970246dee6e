/** Numbers that states give to people, by their check digits. Each takes digits and letters alone, upper case. */
type Check = (value: string) => boolean;

const digit = (value: string, at: number): number => value.charCodeAt(at) - 48;
const weighted = (value: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, at) => sum + weight * digit(value, at), 0);
/** One digit throughout is nobody's. */
const varied = (value: string): boolean => !/^(\d)\1+$/.test(value);

const luhnOf = (value: string): boolean => {
  let sum = 0;
  for (let i = 0; i < value.length; i++) {
    const at = digit(value, value.length - 1 - i) * (i % 2 === 1 ? 2 : 1);
    sum += at > 9 ? at - 9 : at;
  }
  return sum % 10 === 0;
};

const isDay = (day: number, month: number): boolean => day >= 1 && day <= 31 && month >= 1 && month <= 12;

/** Two check digits, each modulo 11 (Receita Federal). */
const cpf: Check = (it) =>
  varied(it) &&
  [9, 10].every((at) => {
    let sum = 0;
    for (let i = 0; i < at; i++) sum += digit(it, i) * (at + 1 - i);
    return ((sum * 10) % 11) % 10 === digit(it, at);
  });

/** Modulo 11, weights 10 to 2 (NHS Data Dictionary). */
const nhs: Check = (it) => {
  const check = 11 - (weighted(it, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return varied(it) && check !== 10 && check % 11 === digit(it, 9);
};

/** ISO 7064 MOD 11,10, and one digit that stands twice or three times among the first ten (§ 139b AO). */
const germanTax: Check = (it) => {
  let product = 10;
  for (let i = 0; i < 10; i++) {
    const sum = (digit(it, i) + product) % 10 || 10;
    product = (2 * sum) % 11;
  }
  const often = [...'0123456789'].map((each) => it.slice(0, 10).split(each).length - 1);
  return it[0] !== '0' && Math.max(...often) >= 2 && Math.max(...often) <= 3 && (11 - product) % 10 === digit(it, 10);
};

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
/** The number modulo 23 names the letter; X, Y and Z of foreigners stand for 0, 1 and 2. */
const spanish: Check = (it) => {
  const number = it.slice(0, -1).replace(/^[XYZ]/, (first) => String('XYZ'.indexOf(first)));
  return varied(number) && DNI_LETTERS[Number(number) % 23] === it.at(-1);
};

const ODD: readonly number[] = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];
/** The sixteenth letter checks the fifteen before it (D.M. 23 December 1976). */
const italian: Check = (it) => {
  let sum = 0;
  for (let i = 0; i < 15; i++) {
    const code = it.charCodeAt(i);
    const place = code >= 65 ? code - 65 : code - 48;
    sum += i % 2 === 0 ? ODD[place]! : place;
  }
  return String.fromCharCode(65 + (sum % 26)) === it[15];
};

/** 97 less the number modulo 97; Corsica's 2A and 2B count as 19 and 18. */
const french: Check = (it) => {
  const number = it.slice(0, 13).replace('2A', '19').replace('2B', '18');
  const month = Number(it.slice(3, 5));
  return ((month >= 1 && month <= 12) || month >= 20) && 97 - Number(BigInt(number) % 97n) === Number(it.slice(13));
};

/** The test of eleven. */
const dutch: Check = (it) => varied(it) && weighted(it, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;

/** 97 less the nine digits modulo 97; from 2000 on with a 2 before them. */
const belgian: Check = (it) => {
  const check = Number(it.slice(9));
  const born = Number(it.slice(0, 9));
  return (
    isDay(Number(it.slice(4, 6)) || 1, Number(it.slice(2, 4)) || 1) &&
    [born, 2_000_000_000 + born].some((n) => 97 - (n % 97) === check)
  );
};

const polish: Check = (it) =>
  isDay(Number(it.slice(4, 6)), Number(it.slice(2, 4)) % 20) &&
  (10 - (weighted(it, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === digit(it, 10);

/** A date of birth and Luhn over ten digits; sixty is added to the day of a coordination number. */
const swedish: Check = (it) => {
  const ten = it.slice(-10);
  return isDay(Number(ten.slice(4, 6)) % 60, Number(ten.slice(2, 4))) && luhnOf(ten);
};

/** Day, month and serial modulo 31 name the last sign. */
const finnish: Check = (it) =>
  isDay(Number(it.slice(0, 2)), Number(it.slice(2, 4))) &&
  '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(it.slice(0, 6) + it.slice(7, 10)) % 31] === it[10];

/** EAN-13, as all of these begin with the country's 756. */
const swiss: Check = (it) => (10 - (weighted(it, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 === digit(it, 12);

const D = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const P = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];
/** Verhoeff (UIDAI). */
const indian: Check = (it) => {
  let check = 0;
  for (let i = 0; i < it.length; i++) check = Number(D[check]![Number(P[i % 8]![digit(it, it.length - 1 - i)])]);
  return check === 0 && varied(it) && digit(it, 0) >= 2;
};

const australianTax: Check = (it) => varied(it) && weighted(it, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;
const canadian: Check = (it) => varied(it) && it[0] !== '0' && it[0] !== '8' && luhnOf(it);
/** Prefixes that were never given out are left out (HMRC, NIM39110). */
const british: Check = (it) => !/^(?:BG|GB|KN|NK|NT|TN|ZZ|[DFIQUV]|.[DFIOQUV])/.test(it);

interface Kind {
  readonly form: RegExp;
  readonly check: Check;
  /** A word before it that has to call it so; null: its form and check digits are proof enough. */
  readonly called: RegExp | null;
}

const before = (words: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}])[^\\n]{0,32}$`, 'iu');

/** Forms are bounded and hold no nested repetition. What chance meets too often needs its name before it. */
const IDENTITY_KINDS: readonly Kind[] = [
  { form: /(?<![\w.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-])/g, check: cpf, called: null },
  { form: /(?<![\w.-])\d{11}(?![\w-])/g, check: cpf, called: before('cpf') },
  { form: /(?<![\w.-])756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}(?![\w-])/g, check: swiss, called: null },
  {
    form: /(?<![\w-])[A-Za-z]{6}\d{2}[A-EHLMPR-Ta-ehlmpr-t]\d{2}[A-Za-z]\d{3}[A-Za-z](?![\w-])/g,
    check: italian,
    called: null,
  },
  {
    form: /(?<![\w.-])[12] ?\d{2} ?\d{2} ?(?:\d{2}|2[ABab]) ?\d{3} ?\d{3} ?\d{2}(?![\w-])/g,
    check: french,
    called: null,
  },
  { form: /(?<![\w.-])\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}(?![\w-])/g, check: belgian, called: null },
  { form: /(?<![\w.-])\d{6}[-+A]\d{3}[0-9A-FHJ-NPR-Y](?![\w-])/g, check: finnish, called: null },
  {
    form: /(?<![\w.-])(?:\d{8}|[XYZxyz]-?\d{7})-?[A-Za-z](?![\w-])/g,
    check: spanish,
    called: before('dni|nif|nie|documento|identidad|spanish id'),
  },
  {
    form: /(?<![\w-])[A-Za-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-Da-d](?![\w-])/g,
    check: british,
    called: before('national insurance|nino?|ni number'),
  },
  { form: /(?<![\w.-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w-])/g, check: nhs, called: before('nhs') },
  {
    form: /(?<![\w.-])\d{2} ?\d{3} ?\d{3} ?\d{3}(?![\w-])/g,
    check: germanTax,
    called: before('steuer-?id(?:entifikationsnummer)?|steueridentifikationsnummer|idnr|tax id|german tax'),
  },
  {
    form: /(?<![\w.-])\d{9}(?![\w-])/g,
    check: dutch,
    called: before('bsn|burgerservicenummer|sofinummer|citizen service number'),
  },
  { form: /(?<![\w.-])\d{11}(?![\w-])/g, check: polish, called: before('pesel') },
  {
    form: /(?<![\w.-])(?:\d{2})?\d{6}[-+ ]?\d{4}(?![\w-])/g,
    check: swedish,
    called: before('personnummer|personal number|personal identity number|samordningsnummer'),
  },
  { form: /(?<![\w.-])\d{4}[ -]?\d{4}[ -]?\d{4}(?![\w-])/g, check: indian, called: before('aadhaar|aadhar|uidai') },
  {
    form: /(?<![\w-])[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z](?![\w-])/g,
    check: () => true,
    called: before('pan|permanent account'),
  },
  {
    form: /(?<![\w.-])\d{3} ?\d{3} ?\d{3}(?![\w-])/g,
    check: australianTax,
    called: before('tfn|tax file number|tax file no'),
  },
  {
    form: /(?<![\w.-])\d{3}[ -]?\d{3}[ -]?\d{3}(?![\w-])/g,
    check: canadian,
    called: before('sin|social insurance(?: number)?'),
  },
];

const CALLED_PASSPORT = before('passport|passeport|reisepass|pasaporte|passaporto|paspoort|passaporte|paszport');
/** Where another word stands between, it is no number of a passport. */
const passportForm = /(?<![\w-])(?=[A-Za-z0-9]{0,8}\d)[A-Za-z]{0,2}\d[A-Za-z0-9]{4,8}(?![\w-])/g;

/** Where none of these stands in a text, what needs its name is not looked for. */
const ANY_NAME =
  /cpf|national insurance|\bnino?\b|ni number|nhs|steuer|idnr|tax id|german tax|bsn|burgerservice|sofinummer|citizen service|pesel|personnummer|personal (?:identity )?number|samordning|aadhaa?r|uidai|\bpan\b|permanent account|tfn|tax file|\bsin\b|social insurance|\bdni\b|\bnif\b|\bnie\b|documento|identidad|spanish id|pass(?:port|eport|aporto|aporte)|reisepass|pasaporte|paspoort|paszport/i;

const MRZ_VALUES = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Check digit of a machine readable zone: weights 7, 3, 1 (ICAO 9303, part 3). */
const zone = (text: string): number =>
  [...text].reduce((sum, char, at) => sum + Math.max(0, MRZ_VALUES.indexOf(char)) * [7, 3, 1][at % 3]!, 0) % 10;
const zoneForm = /(?<![A-Z0-9<])[A-Z0-9<]{9}\d[A-Z<]{3}\d{6}\d[MFX<]\d{6}\d[A-Z0-9<]{14}[0-9<]\d(?![A-Z0-9<])/g;

export interface IdentityFound {
  readonly type: 'NATIONAL_ID' | 'PASSPORT';
  readonly start: number;
  readonly end: number;
  readonly value: string;
  readonly proven: boolean;
}

const MOST = 200;
const BEFORE = 56;

/** Numbers of people that states give out, in a text, none overlapping; linear in its length. */
export function identityNumbers(text: string): IdentityFound[] {
  const found: IdentityFound[] = [];
  const said = (at: number): string => text.slice(Math.max(0, at - BEFORE), at);
  const take = (type: IdentityFound['type'], start: number, value: string, proven: boolean): void => {
    const end = start + value.length;
    if (found.length < MOST && !found.some((other) => start < other.end && other.start < end))
      found.push({ type, start, end, value, proven });
  };
  for (const { index, 0: it } of text.includes('<') ? text.matchAll(zoneForm) : [])
    if (zone(it.slice(0, 9)) === digit(it, 9) && zone(it.slice(13, 19)) === digit(it, 19))
      take('PASSPORT', index, it, true);
  const named = ANY_NAME.test(text);
  for (const { form, check, called } of IDENTITY_KINDS) {
    if (called !== null && !named) continue;
    for (const { index, 0: value } of text.matchAll(form)) {
      const plain = value.replace(/[ .]/g, '').toUpperCase();
      // The sign between of a Finnish number says the century and is no separator.
      if (!check(check === finnish ? plain : plain.replaceAll('-', ''))) continue;
      if (called === null || called.test(said(index))) take('NATIONAL_ID', index, value, check !== british);
    }
  }
  if (!named) return found;
  for (const { index, 0: value } of text.matchAll(passportForm)) {
    const before = said(index);
    if (CALLED_PASSPORT.test(before) && !/\d[^\d]{0,32}$/.test(before)) take('PASSPORT', index, value, false);
  }
  return found;
}
