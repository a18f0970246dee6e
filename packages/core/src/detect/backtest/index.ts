export type { Report } from './grouping.ts';
export { groupReports, scoreGroups } from './grouping.ts';
export { readPayload } from './otlp.ts';
export type { TopicName } from './topic-names.ts';
export { TOPIC_NAMES } from './topic-names.ts';
export type { Row, Tested } from './topics.ts';
export { TOPICS } from './topics.ts';
export type { Work } from './work.ts';
export { finish } from './work.ts';
