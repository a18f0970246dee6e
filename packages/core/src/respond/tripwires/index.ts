export type { Trip, TripCondition, TripsOn, Tripwire, TripwireFact, TripwireId, TripwireSaid } from './tripwire.ts';
export {
  armTripwire,
  foldTripwire,
  removeTripwire,
  sayCondition,
  setTripwire,
  TRIPS_ON,
  TRIPWIRE_FACTS,
  trip,
  tripsOn,
} from './tripwire.ts';
