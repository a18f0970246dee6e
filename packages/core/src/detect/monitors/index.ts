export type { Item, Unreadable, VendorStatus } from './item.ts';
export { canonicalAddress, isUnreadable, MOST_ITEMS, readableText, xmlText } from './item.ts';
export type { Monitor, MonitorDescription, MonitorFact, MonitorId } from './monitor.ts';
export {
  addMonitor,
  addressOf,
  describeMonitor,
  foldMonitor,
  looked,
  MONITOR_FACTS,
  MONITOR_LIMITS,
  monitorFault,
  pauseMonitor,
  removeMonitor,
  resumeMonitor,
  SILENT_AFTER,
  usualAddress,
  waitAfter,
} from './monitor.ts';
export type { Keywords, Relevance } from './relevance.ts';
export { isSameStory, itemKeys, relevanceOf, titleWords, tooOld, USUAL_THRESHOLD } from './relevance.ts';
export type { Answered, JsonPaths, MonitorKind } from './sources.ts';
export { MONITOR_KINDS, readItems } from './sources.ts';
