export const ALERT_SEVERITIES = ['critical', 'high', 'warning', 'info', 'low'] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

export const ALERT_STATUSES = ['firing', 'resolved', 'acknowledged', 'suppressed', 'pending'] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

/**
 * Words of products for how grave it is, by the beginning of the word; the first group that has one wins. Sources: syslog
 * (RFC 5424), ITU-T X.733, OpenTelemetry log severities, and the severity pages of the products in docs/guides/sources.md.
 */
const SEVERITY_STEMS: readonly (readonly [AlertSeverity, readonly string[]])[] = [
  [
    'critical',
    [
      'crit',
      'fatal',
      'emerg',
      'panic',
      'disast',
      'catastroph',
      'blocker',
      'urgent',
      'sever',
      'highest',
      'page',
      'alert',
      'extrem',
      'kriti',
      'crash',
    ],
  ],
  [
    'high',
    [
      'high',
      'err',
      'major',
      'serious',
      'important',
      'except',
      'trouble',
      'availab',
      'unavailab',
      'unhealth',
      'alarm',
      'danger',
      'signific',
      'problem',
      'broken',
      'hoch',
      'fehler',
    ],
  ],
  [
    'warning',
    [
      'warn',
      'average',
      'medium',
      'moderate',
      'mid',
      'degrad',
      'caution',
      'elevated',
      'perform',
      'attention',
      'resource',
      'unusual',
      'missing',
      'mittel',
    ],
  ],
  [
    'low',
    [
      'low',
      'debug',
      'trace',
      'verbose',
      'trivial',
      'minor',
      'minim',
      'negligib',
      'cosmetic',
      'unclassif',
      'test',
      'mainten',
      'sample',
      'limited',
      'niedrig',
      'gering',
    ],
  ],
  [
    'info',
    [
      'info',
      'notice',
      'notif',
      'normal',
      'none',
      'unkn',
      'undefin',
      'unspecif',
      'indeterm',
      'insufficient',
      'custom',
      'clear',
      'planning',
      'operational',
      'healthy',
      'nominal',
      'smoke',
    ],
  ],
];

/** Whole words: too short, or with another meaning inside longer ones. */
const SEVERITY_WORDS: Readonly<Record<string, AlertSeverity>> = {
  red: 'critical',
  down: 'critical',
  outage: 'critical',
  unreachable: 'critical',
  dead: 'critical',
  grave: 'critical',
  bad: 'high',
  alta: 'high',
  alto: 'high',
  eleve: 'high',
  poor: 'warning',
  ticket: 'warning',
  media: 'warning',
  medio: 'warning',
  moyen: 'warning',
  baja: 'low',
  bajo: 'low',
  faible: 'low',
  note: 'info',
  fyi: 'info',
  c: 'critical',
  e: 'high',
  orange: 'high',
  failure: 'high',
  failed: 'high',
  fail: 'high',
  w: 'warning',
  yellow: 'warning',
  amber: 'warning',
  i: 'info',
  ok: 'info',
  up: 'info',
  green: 'info',
  success: 'info',
  pending: 'info',
  default: 'info',
  d: 'low',
};

const PHRASES: readonly (readonly [RegExp, AlertSeverity])[] = [
  // What it is said not to be.
  [/\b(?:non?|not|un) ?(?:critical|urgent|serious|severe|important|major|fatal|emergency)\b|\binsignificant\b/, 'low'],
  [/\b(?:no|not an?) (?:problem|issue|error|alert|incident|priority|severity|level)s?\b|^n a$/, 'info'],
  [/\b(?:very|extremely) (?:high|serious|bad)\b|\bmajor outage\b|\blife threatening\b/, 'critical'],
  [/\bpartial outage\b/, 'high'],
  [/\bnot (?:classified|set|available)\b|\bvery low\b/, 'low'],
  [/\bnot applicable\b|\bno (?:data|impact)\b/, 'info'],
];

const FIVE = ['critical', 'high', 'warning', 'info', 'low'] as const;
const RISING_FIVE = ['low', 'info', 'warning', 'warning', 'high', 'critical'] as const;

/** How a product numbers: a scale by value, where it is not "1 is the worst of five". */
const SCALES: readonly (readonly [RegExp, (n: number) => AlertSeverity | null])[] = [
  // 0 not classified, 1 information, 2 warning, 3 average, 4 high, 5 disaster.
  [/zabbix/, (n) => RISING_FIVE[n] ?? null],
  // Plugin exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN, 4 PENDING.
  [
    /nagios|icinga|centreon|checkmk|sensu|opsview|naemon/,
    (n) => (['info', 'warning', 'critical', 'info', 'info'] as const)[n] ?? null,
  ],
  // Sev0 critical, Sev1 error, Sev2 warning, Sev3 informational, Sev4 verbose.
  [/azure/, (n) => FIVE[n] ?? null],
  // Levels 0 to 15 of rules; 12 and more is high importance, 15 a severe attack.
  [/wazuh|ossec/, (n) => (n >= 15 ? 'critical' : n >= 12 ? 'high' : n >= 7 ? 'warning' : n >= 4 ? 'info' : 'low')],
  // 1 debug, 2 info, 3 warn, 4 error, 5 severe, 6 fatal.
  [/splunk/, (n) => ([null, 'low', 'info', 'warning', 'high', 'critical', 'critical'] as const)[n] ?? null],
  // Priorities 1 low, 2 normal, 3 high, 4 critical.
  [/graylog/, (n) => ([null, 'low', 'warning', 'high', 'critical'] as const)[n] ?? null],
  // 0 information, 1 warning, 2 critical, 3 serious, 4 notice.
  [/solarwinds/, (n) => (['info', 'warning', 'critical', 'high', 'info'] as const)[n] ?? null],
  // 0 information, 1 warning, 2 critical.
  [/\bscom\b|operations.?manager/, (n) => (['info', 'warning', 'critical'] as const)[n] ?? null],
  // 0 clear, 1 debug or indeterminate, 2 information or warning, 3 warning or minor, 4 error or major, 5 critical.
  [
    /zenoss|netcool|omnibus|moogsoft/,
    (n) => (['info', 'low', 'info', 'warning', 'high', 'critical'] as const)[n] ?? null,
  ],
  // 1 indeterminate, 2 cleared, 3 normal, 4 warning, 5 minor, 6 major, 7 critical.
  [/opennms/, (n) => ([null, 'info', 'info', 'info', 'warning', 'low', 'high', 'critical'] as const)[n] ?? null],
  // 1 debug, 2 warning, 3 error, 4 critical.
  [/logic.?monitor/, (n) => ([null, 'low', 'warning', 'high', 'critical'] as const)[n] ?? null],
  // 5 warning, 10 critical, less than that nothing to act on.
  [/instana/, (n) => (n >= 10 ? 'critical' : n >= 5 ? 'warning' : 'info')],
  // Stars: more is graver.
  [/prtg|paessler/, (n) => ([null, 'low', 'info', 'warning', 'high', 'critical'] as const)[n] ?? null],
  // Findings from 0.1 to 10.
  [/guardduty|securityhub|inspector/, (n) => (n >= 9 ? 'critical' : n >= 7 ? 'high' : n >= 4 ? 'warning' : 'low')],
  // Syslog severities 0 to 7.
  [/syslog|rsyslog|journald/, (n) => ([...SYSLOG] as const)[n] ?? null],
  // OpenTelemetry severity numbers 1 to 24.
  [
    /opentelemetry|otel/,
    (n) => (n > 24 ? null : n >= 21 ? 'critical' : n >= 17 ? 'high' : n >= 13 ? 'warning' : n >= 9 ? 'info' : 'low'),
  ],
];
const SYSLOG = ['critical', 'critical', 'critical', 'high', 'warning', 'info', 'info', 'low'] as const;

function numbered(n: number, product: string): AlertSeverity | null {
  const scale = SCALES.find(([pattern]) => pattern.test(product));
  if (scale !== undefined) return scale[1](n);
  if (Number.isInteger(n) && n >= 1 && n <= 5) return FIVE[n - 1]!;
  if (n === 0) return 'low';
  // With a fraction it is a score of up to 10, as CVSS has them.
  if (!Number.isInteger(n) && n < 10) return n >= 9 ? 'critical' : n >= 7 ? 'high' : n >= 4 ? 'warning' : 'low';
  // Levels of logging libraries are tens; beyond that a risk score up to 100.
  if (n >= 10 && n <= 60 && n % 10 === 0)
    return (['low', 'info', 'warning', 'high', 'critical', 'critical'] as const)[n / 10 - 1]!;
  if (n > 5 && n <= 100) return n >= 90 ? 'critical' : n >= 70 ? 'high' : n >= 40 ? 'warning' : 'low';
  return null;
}

/** `noData`, `NO_DATA`, `no.data` and `no data` alike: lower-case words without accents, with one space between. */
const plainWords = (raw: string): string =>
  raw
    .slice(0, 120)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z0-9.]+|\.(?!\d)|(?<!\d)\./g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();

function bySeverityStem(words: readonly string[]): AlertSeverity | null {
  for (const word of words) {
    const whole = SEVERITY_WORDS[word];
    if (whole !== undefined) return whole;
    const group = SEVERITY_STEMS.find(([, stems]) => stems.some((stem) => word.startsWith(stem)));
    if (group !== undefined) return group[0];
  }
  return null;
}

/**
 * A product's word or number for how grave it is. `product` decides the direction of bare numbers. `null`: no word we
 * know.
 */
export function severityOf(raw: unknown, product = ''): AlertSeverity | null {
  const from = product.toLowerCase();
  if (typeof raw === 'number') return Number.isFinite(raw) ? numbered(raw, from) : null;
  if (typeof raw !== 'string') return null;
  const text = plainWords(raw);
  if (text === '') return null;
  if (/^\d+(?:\.\d+)?$/.test(text)) return numbered(Number(text), from);
  const phrase = PHRASES.find(([pattern]) => pattern.test(text));
  if (phrase !== undefined) return phrase[1];
  const ranked = /^(?:p|prio|priority|sev|severity|s|level|lvl|l|urgency|impact|tier|cat|category|class)\s?(\d)\b/.exec(
    text,
  );
  if (ranked !== null) {
    const n = Number(ranked[1]);
    if (/^(?:p|prio|priority)/.test(text)) return n === 0 ? 'critical' : (FIVE[n - 1] ?? 'low');
    const scaled = SCALES.find(([pattern]) => pattern.test(from))?.[1](n);
    return scaled ?? (n === 0 ? 'critical' : (FIVE[n - 1] ?? 'low'));
  }
  // The name of the scale says nothing of the place on it: `SEVERITY_UNSPECIFIED` is no severe one.
  return bySeverityStem(text.split(' ').filter((word) => word !== 'severity'));
}

/** Looked for in this order: that somebody silenced it says more than that it is open. */
const STATUS_STEMS: readonly (readonly [AlertStatus, readonly string[]])[] = [
  [
    'suppressed',
    [
      'suppress',
      'mute',
      'muting',
      'silenc',
      'snooz',
      'ignor',
      'paus',
      'disabl',
      'mainten',
      'inhibit',
      'declin',
      'archiv',
      'skip',
      'dismiss',
      'cancel',
      'shelv',
      'exclud',
      'unmonitor',
      'downtime',
      'whitelist',
      'deferr',
      'suspend',
      'unmanag',
      'dormant',
      'reject',
      'hidden',
    ],
  ],
  [
    'resolved',
    [
      'resolv',
      'recover',
      'clos',
      'normal',
      'clear',
      'complet',
      'ended',
      'fixed',
      'done',
      'healthy',
      'inactiv',
      'operational',
      'restor',
      'remediat',
      'mitigat',
      'cease',
      'expir',
      'stopp',
      'pass',
      'succe',
      'postmortem',
      'learning',
      'retrospect',
      'merged',
      'deactivat',
      'reverted',
      'stable',
      'good',
      'green',
      'online',
      'availab',
      'finish',
      'solved',
      'reset',
      'improv',
      'terminat',
      'remov',
      'delet',
      'alive',
      'reachab',
      'connected',
      'reconnect',
      'running',
      'nominal',
      'untrack',
      'behoben',
      'beendet',
      'gelost',
      'geschlossen',
    ],
  ],
  [
    'acknowledged',
    [
      'ack',
      'assign',
      'reassign',
      'delegat',
      'claim',
      'accept',
      'owned',
      'ownership',
      'taken',
      'seen',
      'review',
      'monitoring',
      'escalated to',
      'working',
      'handl',
      'contained',
      'verify',
      'notified',
      'quittiert',
    ],
  ],
  [
    'pending',
    [
      'pend',
      'wait',
      'insufficient',
      'unknown',
      'uncheck',
      'queue',
      'init',
      'triag',
      'undetermin',
      'schedul',
      'draft',
      'unverified',
      'missing',
      'flapp',
      'reprocess',
      'checking',
      'validating',
      'invalid',
      'undefin',
      'uninit',
      'delay',
      'grace',
      'backlog',
    ],
  ],
  [
    'firing',
    [
      'fir',
      'trigger',
      'alert',
      'alarm',
      'activ',
      'open',
      'problem',
      'fail',
      'raise',
      'creat',
      'trouble',
      'breach',
      'anomal',
      'investigat',
      'identif',
      'live',
      'unreach',
      'degrad',
      'outage',
      'regress',
      'escalat',
      'start',
      'broken',
      'fault',
      'unavailab',
      'offline',
      'detect',
      'match',
      'ongoing',
      'violat',
      'exceed',
      'abnormal',
      'declared',
      'renotif',
      'update',
      'upgrad',
      'downgrad',
      'threshold',
      'occur',
      'reoccur',
      'reactiv',
      'repeat',
      'crash',
      'exhaust',
      'disconnect',
      'timeout',
      'shutdown',
      'unusual',
      'aktiv',
      'offen',
    ],
  ],
];
const STATUS_WORDS: Readonly<Record<string, AlertStatus>> = {
  ok: 'resolved',
  okay: 'resolved',
  up: 'resolved',
  end: 'resolved',
  stop: 'resolved',
  false: 'resolved',
  off: 'resolved',
  down: 'firing',
  new: 'firing',
  bad: 'firing',
  red: 'firing',
  true: 'firing',
  on: 'firing',
  yes: 'firing',
  dead: 'firing',
  lost: 'firing',
  add: 'firing',
  no: 'resolved',
};

const STATUS_PHRASES: readonly (readonly [RegExp, AlertStatus])[] = [
  // That it is no longer quiet, and that it no longer is.
  [
    /\b(?:snooz|mut|silenc|suppress|ack)[a-z]* ?(?:end|ended|expired|over|removed)\b|\bun ?assign|^alerting\b|\bto do\b/,
    'firing',
  ],
  [
    /\bdowntime ?(?:end|over|finish)|\bno longer\b|\bnot (?:firing|alerting|active|triggered)\b|\breporting$/,
    'resolved',
  ],
  [
    /\bnot (?:responding|working|running|connected|reachable|reporting)\b|\btimed out\b|\b(?:for|needs) (?:review|triage)\b/,
    'firing',
  ],
  [/\bon hold\b/, 'suppressed'],
  [/\bnot (?:started|checked|run)\b|\bnot yet\b/, 'pending'],
  [/\bunder control\b/, 'acknowledged'],
  [
    /\bun ?resolv|\bnot resolv|\bun ?clos|\bnot ok\b|\bun ?acknowledg|\bun ?ack|\bun ?mut|\bun ?silenc|\bun ?suppress|\bun ?snooz|\bnot (?:healthy|acknowledged|clear)/,
    'firing',
  ],
  [/\bun ?health|\bun ?stable|\bre ?open|\bun ?available\b|\bnot available\b/, 'firing'],
  [/\bin progress\b|\bunder (?:review|investigation)\b/, 'acknowledged'],
  [/\bunder maintenance\b|\bfalse positive\b|\bwon t fix\b|\bnot an issue\b/, 'suppressed'],
  [/\bno data\b|\bnodata\b|\bnot set\b|\bno events?\b/, 'pending'],
  [/\bback to\b/, 'resolved'],
];

/**
 * A product's word, number or truth value for where it stands. Numbers are those of monitoring plugins: 0 is well, all
 * else is not; products that send the opposite are named. `null`: no word we know.
 */
export function statusOf(raw: unknown, product = ''): AlertStatus | null {
  if (typeof raw === 'boolean') return raw ? 'firing' : 'resolved';
  const number =
    typeof raw === 'number' ? raw : typeof raw === 'string' && /^\d{1,2}$/.test(raw.trim()) ? Number(raw) : null;
  if (number !== null) return numberedStatus(number, product.toLowerCase());
  if (typeof raw !== 'string') return null;
  const text = plainWords(raw);
  if (text === '') return null;
  const phrase = STATUS_PHRASES.find(([pattern]) => pattern.test(text));
  if (phrase !== undefined) return phrase[1];
  const words = text.split(' ').slice(0, 8);
  for (const [status, stems] of STATUS_STEMS)
    if (words.some((word) => STATUS_WORDS[word] === undefined && stems.some((stem) => word.startsWith(stem))))
      return status;
  for (const word of words) if (STATUS_WORDS[word] !== undefined) return STATUS_WORDS[word];
  // A level where a state belongs: there is something of that level.
  return bySeverityStem(words) === null ? null : 'firing';
}

function numberedStatus(n: number, product: string): AlertStatus | null {
  if (!Number.isInteger(n) || n < 0 || n > 9) return null;
  // Heartbeats: 0 down, 1 up, 2 pending, 3 maintenance.
  if (/uptime.?kuma/.test(product)) return (['firing', 'resolved', 'pending', 'suppressed'] as const)[n] ?? null;
  // 0 paused, 1 down or not looked at yet, 2 up, 8 seems down, 9 down.
  if (/uptime.?robot/.test(product)) return n === 0 ? 'suppressed' : n === 2 ? 'resolved' : 'firing';
  // 0 recovered, 1 alert, 2 acknowledged, 3 worse, 4 better, 5 changed.
  if (/libre.?nms/.test(product)) return n === 0 ? 'resolved' : n === 2 ? 'acknowledged' : 'firing';
  return n === 0 ? 'resolved' : n === 4 ? 'pending' : 'firing';
}
