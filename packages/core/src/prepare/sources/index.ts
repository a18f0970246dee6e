export type { Source, SourceDescription, SourceFact, SourceId, SourceProduct } from './source.ts';
export {
  addSource,
  describeSource,
  endSource,
  foldSource,
  mapSource,
  PRODUCTS,
  renewSource,
  SIGNING,
  SOURCE_LIMITS,
  SOURCE_TYPES,
  signSource,
} from './source.ts';
