import {
  ALERT_LIMITS,
  type Alert,
  type AlertReading,
  alertOf,
  isMembers,
  keyOfLabels,
  labelsOf,
  listOf,
  type Members,
  momentOf,
  shortHash,
  textOf,
  webLink,
} from './alert.ts';
import { type AlertSeverity, type AlertStatus, severityOf, statusOf } from './words.ts';

const MOST_LEAVES = 1_500;
const DEEPEST = 6;

/** One value of a payload: the words of its name, how deep it stands, and below which names. */
interface Leaf {
  /** `alert_state`, `alertState` and `Alert State` are `alertstate`. */
  readonly name: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

const folded = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Branches that tell of the request, the query or the person, and never of the alert itself. */
const ASIDE = new Set(
  'request headers user contexts query queries conditions conditionthreshold model frames stacktrace exception breadcrumbs browser geo modules sdk history thresholds series rawdata annotationsraw agent manager'.split(
    ' ',
  ),
);
/** `severity: { name: "P1" }` names the severity: such a member counts as the one above it. */
const NAMING = new Set(['name', 'label', 'value', 'text', 'summary', 'displayname', 'title']);
const LISTS = [
  'alerts',
  'incidents',
  'problems',
  'events',
  'records',
  'issues',
  'notifications',
  'messages',
  'items',
  'results',
];

function leavesOf(payload: Members): Leaf[] {
  const leaves: Leaf[] = [];
  const queue: { readonly it: Members; readonly path: readonly string[] }[] = [{ it: payload, path: [] }];
  while (queue.length > 0 && leaves.length < MOST_LEAVES) {
    const { it, path } = queue.shift()!;
    for (const [key, value] of Object.entries(it).slice(0, 300)) {
      const name = folded(key);
      if (ASIDE.has(name)) continue;
      if (isMembers(value)) {
        if (path.length < DEEPEST) queue.push({ it: value, path: [...path, name] });
        const named = Object.entries(value).find(([inner]) => NAMING.has(folded(inner)));
        if (named !== undefined) leaves.push({ name, path: [...path, name], value: named[1] });
      } else if (Array.isArray(value)) {
        const first = value[0];
        // A list of one is how some products wrap their only member.
        if (isMembers(first) && value.length === 1 && path.length < DEEPEST)
          queue.push({ it: first, path: [...path, name] });
      } else leaves.push({ name, path, value });
    }
  }
  return leaves;
}

/** The value of the first of these names that `as` can read; of one name twice, the one that stands higher. */
function find<T>(
  leaves: readonly Leaf[],
  names: readonly string[],
  as: (value: unknown, leaf: Leaf) => T | null,
): T | null {
  for (const name of names)
    for (const leaf of leaves) {
      if (leaf.name !== name) continue;
      const read = as(leaf.value, leaf);
      if (read !== null) return read;
    }
  return null;
}

const names = (text: string): readonly string[] => text.split(' ');

const TITLES = names(
  'title alerttitle incidenttitle problemtitle eventtitle alertname alertsubject subject headline summary shortdescription alertsummary summarymessage monitorname monitorfriendlyname rulename triggername conditionname policyname checkname servicedesc servicedescription monitor check rule trigger problem condition testname alarmname alarm searchname jobname message alertmessage msg text body description alertdescription details detail reason error errormessage comment content output event name displayname hostname host service',
);
/** What it says this time: other words when the condition ends. */
const OF_THE_MOMENT = new Set(
  names(
    'message alertmessage msg text body description alertdescription details detail reason error errormessage comment content output event',
  ),
);
/** Names of what is watched, which stay. */
const LASTING_NAMES = names(
  'alertname rulename monitorname monitorfriendlyname triggername conditionname policyname checkname servicedesc servicedescription sensor testname alarmname searchname jobname name',
);
const TEXTS = names(
  'description alertdescription longdescription message alertmessage text body details detail reason summary output comment errormessage statedescription newstatereason',
);
const SEVERITIES = names(
  'severity alertseverity severitylabel severityname sev severitytext severitylevel alertpriority priority prioritylabel urgency level alertlevel loglevel criticality importance impact severitynumber riskscore threatlevel priorityname problemseverity importancelevel triggertype messagetype servicestate hoststate class grade rank',
);
const STATUSES = names(
  'status alertstatus state alertstate monitorcondition incidentstatus problemstatus currentstate newstate newstatevalue statevalue currentstatus statusname eventaction transition alerttransition problemstate eventstatus conditionstate notificationtype eventtype action alertaction messagetype servicestate hoststate alerttypefriendlyname alerttype eventname triggerstatus severitystatus type firing isactive active isfiring',
);
const KEYS = names(
  'dedupkey deduplicationkey dedupid fingerprint dedupekey incidentkey alertkey alertalias alias aggregationkey correlationid groupkey alertid incidentid problemid pid issueid alertuid monitorid checkid ruleid triggerid alarmarn alarmid eventid conditionid policyid notificationid correlationkey checkpk searchid testid uid uuid guid id',
);
/** What an alert is in: an id beside it in the envelope is that of the message. */
const ENTITIES = new Set(names('data alert incident issue problem detail fault item finding'));
const PLAIN_IDS = new Set(names('uuid uid guid id'));
/** Members in which a level can say that it is over. */
const LEVELS = names('severity alertseverity level alertlevel severitylevel triggertype');
/** Names of a rule that may fire for many hosts at once: what it is about belongs to the key. */
const OF_RULES = new Set(
  names(
    'monitorid checkid ruleid triggerid conditionid policyid searchid testid groupkey alias aggregationkey checkpk',
  ),
);
const TIMES = names(
  'startsat startedat starttime started firedat firedatetime triggeredat triggertime eventtime occurredat timestamp datetime time createdat created opened openedat lastupdated lastupdatedat updatedat date statechangetime processingtime',
);
const ENDS = names('endsat endedat resolvedat closedat recoveredat resolvedatetime endtime recoverytime clearedat');
const LINKS = names(
  'url alerturl link alertlink permalink htmlurl weburl incidenturl problemurl issueurl monitorurl eventurl clienturl generatorurl panelurl dashboardurl silenceurl externalurl resultslink viewlink href',
);
const ABOUTS = names(
  'host hostname instance resource resourcename service servicename component entity entityname node device source module culprit project monitor app application cluster namespace environment',
);
const LABELS = new Set(
  names(
    'labels tags commonlabels grouplabels userlabels systemlabels alertlabels attributes dimensions customdetails policyuserlabels',
  ),
);

/** `[RESOLVED] Disk full`, `OK: Disk full`, `P1 - Disk full`: what stands before the title says where it stands. */
const BADGE = /^\s*(?:\[([^\]]{2,30})\]|([A-Za-z][A-Za-z0-9 _-]{1,20}?)(?::|\s-)\s)/;
const badgeOf = (title: string): string | null => {
  const found = BADGE.exec(title);
  return found === null ? null : (found[1] ?? found[2] ?? null);
};

/** The condition behind a title: without its badge, its figures and its times. */
const condition = (title: string): string =>
  title
    .replace(BADGE, '')
    .replace(/\b(?:triggered|resolved|recovered|firing|closed|opened)\b:?/gi, '')
    .replace(/\d+(?:[.:,]\d+)*/g, '#')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();

const IS_OF_PLUGINS = /nagios|icinga|centreon|checkmk|sensu|opsview|naemon/;
const TITLES_OF_THE_NAMED = TITLES.flatMap((name) =>
  name === 'name' ? [] : name === 'description' ? ['name', name] : [name],
);

/** The end of a condition told by its id alone; null where it is anything else. */
function closing(leaves: readonly Leaf[], product: string): string | null {
  const id = find(leaves, KEYS, (value) => textOf(value));
  return id !== null && statusIn(leaves, product) === 'resolved' ? id : null;
}

const usable = (value: unknown): string | null => {
  const text = typeof value === 'string' ? textOf(value) : null;
  return text === null || /^(?:https?:\/\/|[0-9a-f-]{24,}$|\d+$|true$|false$|null$)/i.test(text) ? null : text;
};

/** Who sent it, where nobody said: some name themselves. */
function senderOf(payload: Members): string {
  if (isMembers(payload.heartbeat) && isMembers(payload.monitor)) return 'uptime kuma';
  return textOf(payload.schemaId, payload.monitoring_tool, payload.source)?.slice(0, 100) ?? '';
}

/** What a condition is called as long as it lasts: the name of what is watched, where the title is only what it says now. */
function lastingName(leaves: readonly Leaf[], title: string, told: string): string {
  if (!OF_THE_MOMENT.has(told)) return title;
  const name = find(leaves, LASTING_NAMES, (value, leaf) =>
    leaf.name === 'name' && leaf.path.length > 0 && !/^(?:check|monitor|rule|trigger|sensor)$/.test(leaf.path[0]!)
      ? null
      : usable(value),
  );
  return name ?? title;
}

/** A name of an event for machines, such as `item_resolved`: any other is a sentence. */
const MACHINE_NAME = /^[A-Za-z]+(?:[._:/-][A-Za-z]+){1,4}$/;

function one(payload: Members, named: string, among: Members): Alert | null {
  const product = named || senderOf(payload);
  const own = leavesOf(payload);
  const leaves = among === payload ? own : [...own, ...leavesOf(among)];
  const labels = labelsOf(...labelSets(payload), ...(among === payload ? [] : labelSets(among)));
  let told = '';
  const titleIn = (value: unknown, leaf: Leaf): string | null => {
    if (leaf.path.some((name) => LABELS.has(name)) && leaf.name !== 'alertname') return null;
    const text = usable(value);
    if (text !== null) told = leaf.name;
    return text;
  };
  // Of a name and a description that stand at the top, the name is the title.
  const isDescribed = own.some(({ path, name }) => path.length === 0 && name === 'name');
  const title =
    find(own, isDescribed ? TITLES_OF_THE_NAMED : TITLES, titleIn) ??
    find(leaves, TITLES, usable) ??
    // Names nobody has seen: the first sentence is better than nothing.
    own.map(({ value }) => usable(value)).find((text) => text !== null && /\p{L}{3,}\s+\p{L}/u.test(text)) ??
    closing(own, product);
  if (title === null) return null;
  const badge = badgeOf(title);
  const severity =
    find<AlertSeverity>(leaves, SEVERITIES, (value) => severityOf(value, product)) ??
    severityOf(labels.severity ?? labels.priority ?? labels.level ?? labels.Severity, product) ??
    // Exit codes of plugins are state and level in one.
    (IS_OF_PLUGINS.test(product) ? find(own, names('state status'), (value) => severityOf(value, product)) : null);
  const ended = find(own, ENDS, momentOf);
  const status =
    statusIn(leaves, product) ??
    find<AlertStatus>(own, LEVELS, (value) =>
      typeof value === 'string' && /^(?:ok(?:ay)?|clear(?:ed)?|up|green|recover(?:ed|y)|resolved)$/i.test(value.trim())
        ? 'resolved'
        : null,
    ) ??
    (badge === null ? null : statusOf(badge, product)) ??
    (ended === null ? null : 'resolved');
  const byBadge = badge === null ? null : severityOf(badge, product);
  const text = find(own, TEXTS, (value) =>
    typeof value === 'string' && value.trim() !== title ? textOf(value) : null,
  );
  return alertOf({
    title,
    text,
    severity: severity ?? byBadge ?? (status === 'resolved' ? 'info' : 'warning'),
    severityGiven: (severity ?? byBadge) !== null,
    status: status ?? 'firing',
    dedupKey: keyOf(own, lastingName(own, title, told), labels, product),
    at: find(own, TIMES, momentOf),
    endedAt: ended,
    url: find(leaves, LINKS, (value) => webLink(value)),
    source: find(own, ABOUTS, (value) => (typeof value === 'string' ? textOf(value) : null)),
    labels,
  });
}

/** A number in a member named `status` is as often an HTTP code as a state: only small ones count, and words come first. */
function statusIn(leaves: readonly Leaf[], product: string): AlertStatus | null {
  return (
    find(leaves, STATUSES, (value, { name }) =>
      (typeof value === 'string' && !/^\d+$/.test(value)) || typeof value === 'boolean'
        ? (name === 'type' && typeof value === 'string' && !/resolv|recover|clos|trigger|ack/i.test(value)) ||
          (name === 'eventname' && typeof value === 'string' && !MACHINE_NAME.test(value))
          ? null
          : statusOf(value, product)
        : null,
    ) ??
    find(leaves, names('resolved isresolved recovered isrecovered closed ok'), (value) =>
      value === true ? 'resolved' : value === false ? 'firing' : null,
    ) ??
    find(leaves, STATUSES, (value) => statusOf(value, product))
  );
}

function labelSets(payload: Members): unknown[] {
  const sets: unknown[] = [];
  const look = (it: Members, depth: number) => {
    for (const [key, value] of Object.entries(it).slice(0, 300)) {
      const name = folded(key);
      if (LABELS.has(name)) sets.push(value);
      else if (depth < 2 && isMembers(value) && !ASIDE.has(name)) look(value, depth + 1);
    }
  };
  look(payload, 0);
  return sets;
}

const VOLATILE = /severity|priority|level|status|state|value|time|date|count|url|link|description|summary|message/i;

/** What stays the same while a condition lasts and when it ends. Level, state and times never belong to it. */
function keyOf(
  leaves: readonly Leaf[],
  title: string,
  labels: Readonly<Record<string, string>>,
  product: string,
): string {
  const lasting = Object.fromEntries(Object.entries(labels).filter(([key]) => !VOLATILE.test(key)));
  let of = '';
  const hasEntity = leaves.some(({ path, name }) => path.length === 1 && PLAIN_IDS.has(name) && ENTITIES.has(path[0]!));
  const id = find(leaves, KEYS, (value, leaf) => {
    if (leaf.path.length > 2 || leaf.path.some((name) => LABELS.has(name))) return null;
    if (PLAIN_IDS.has(leaf.name) && hasEntity && !ENTITIES.has(leaf.path[0] ?? '')) return null;
    const text = textOf(value);
    of = leaf.name;
    return text;
  });
  if (id !== null && !OF_RULES.has(of)) return id;
  const about = find(leaves, ABOUTS, (value) => (typeof value === 'string' ? textOf(value) : null)) ?? '';
  const scopes = leaves
    .filter(({ name }) => name === 'scopes' || name === 'scope' || name === 'groups')
    .map(({ value }) => String(value));
  const base = id ?? condition(title);
  return `${base}|${shortHash(`${product}\n${about}\n${scopes.join()}\n${keyOfLabels(lasting)}`)}`;
}

/** Messages within messages: JSON as text in the envelope of a queue, or the event inside a CloudEvent. */
function unwrapped(payload: Members): Members {
  const inside = payload.specversion !== undefined ? payload.data : 'detail-type' in payload ? payload.detail : null;
  if (isMembers(inside)) return { time: payload.time, source: payload.source, ...inside };
  for (const key of ['Message', 'message', 'body', 'payload', 'data', 'detail']) {
    const inner = payload[key];
    if (typeof inner !== 'string' || inner.trimStart()[0] !== '{' || inner.length > 1_000_000) continue;
    try {
      const read: unknown = JSON.parse(inner);
      if (isMembers(read)) return { ...read, ...(payload.Subject !== undefined && { subject: payload.Subject }) };
    } catch {
      // Text that only looks like JSON is text.
    }
  }
  return payload;
}

const looksLikeAlert = (it: unknown): it is Members => {
  if (!isMembers(it)) return false;
  const keys = new Set(Object.keys(it).map(folded));
  return [
    'status',
    'state',
    'labels',
    'annotations',
    'severity',
    'title',
    'summary',
    'alertname',
    'message',
    'priority',
  ].some((key) => keys.has(key));
};

/**
 * Reads an alert of a product nobody taught us: title, severity, status and key by the names and words products commonly
 * use. Several alerts in one payload are several. Never throws; what cannot be read is counted.
 */
export function readGeneric(payload: unknown, product = ''): AlertReading {
  if (typeof payload === 'string') return readText(payload, product);
  const members = Array.isArray(payload) ? payload : isMembers(payload) ? listIn(payload) : null;
  if (members === null && !isMembers(payload))
    return { unreadable: 'the payload is neither an object, a list, nor a text' };
  const among = isMembers(payload) ? payload : null;
  const shared: Members =
    among === null ? {} : Object.fromEntries(Object.entries(among).filter(([, value]) => value !== members));
  const each: readonly unknown[] = members ?? [unwrapped(payload as Members)];
  const alerts: Alert[] = [];
  let leftOut = Math.max(0, each.length - ALERT_LIMITS.alerts);
  for (const member of each.slice(0, ALERT_LIMITS.alerts)) {
    const it = isMembers(member) ? unwrapped(member) : null;
    const alert = it === null ? null : one(it, product, members === null ? it : shared);
    if (alert === null) leftOut++;
    else alerts.push(alert);
  }
  return alerts.length > 0
    ? { alerts, leftOut }
    : { unreadable: 'nothing in it reads like a title, a summary or a message' };
}

function listIn(payload: Members): readonly unknown[] | null {
  for (const name of LISTS) {
    const key = Object.keys(payload).find((each) => folded(each) === name);
    const list = key === undefined ? [] : listOf(payload[key], 10_000);
    if (list.length > 0 && list.some(looksLikeAlert)) return list;
  }
  return null;
}

const PIECE =
  /"([A-Za-z_][\w .-]{0,60})"\s*:\s*(?:"((?:[^"\\]|\\.){0,2000})("|$)|(-?\d+(?:\.\d+)?|true|false)\s*[,}\]\s])/g;

/** A text: JSON, JSON that was cut off, or words. */
function readText(text: string, product: string): AlertReading {
  const short = text.slice(0, 1_000_000).trim();
  if (short === '') return { unreadable: 'the payload is empty' };
  if (short[0] !== '{' && short[0] !== '[') {
    const [first = '', ...rest] = short.split('\n');
    return readGeneric({ title: first.slice(0, 1_000), description: rest.join('\n').slice(0, 5_000) }, product);
  }
  try {
    const read: unknown = JSON.parse(short);
    return typeof read === 'string' ? { unreadable: 'a text within a text' } : readGeneric(read, product);
  } catch {
    const pieces: Record<string, unknown> = {};
    for (const [, name, words, closed, plain] of short.matchAll(PIECE)) {
      if (name === undefined || Object.hasOwn(pieces, name) || Object.keys(pieces).length >= 500) continue;
      if (words !== undefined && (closed === '"' || words.length > 20)) pieces[name] = words.replace(/\\(.)/g, '$1');
      else if (plain !== undefined) pieces[name] = plain;
    }
    const reading = readGeneric(pieces, product);
    return 'alerts' in reading ? reading : { unreadable: 'the JSON is cut off before anything that could be a title' };
  }
}
