interface Kind {
  readonly status: number;
  readonly title: string;
}

/** Every code a client can meet, its HTTP status and its title. Each has a page in docs/problems and a test that produces it. */
export const PROBLEMS = {
  'request.invalid': { status: 400, title: 'The request does not fit its description' },
  'request.not-json': { status: 400, title: 'The body is not valid JSON' },
  'request.too-large': { status: 413, title: 'The body is too large' },
  'request.media-type': { status: 415, title: 'This content type is not understood here' },
  'request.cross-site': { status: 403, title: 'A request from another site was refused' },
  'request.too-many': { status: 429, title: 'Too many requests' },
  'address.unknown': { status: 404, title: 'There is nothing at this address' },
  'server.fault': { status: 500, title: 'Something went wrong here' },
  'server.busy': { status: 503, title: 'The server cannot do this right now' },
  'session.missing': { status: 401, title: 'Sign in, or send an API key' },
  'session.refused': { status: 401, title: 'E-mail or password is wrong' },
  'session.too-many-tries': { status: 429, title: 'Too many tries to sign in' },
  'key.refused': { status: 401, title: 'The API key is not accepted' },
  'key.unknown': { status: 404, title: 'There is no such API key' },
  'authority.missing': { status: 403, title: 'You may not do this' },
  'link.used': { status: 410, title: 'The one-time link is no longer good' },
  'person.unknown': { status: 404, title: 'There is no such person' },
  'person.email-taken': { status: 409, title: 'Somebody already has this e-mail address' },
  'person.last-administrator': { status: 409, title: 'The last administrator must stay' },
  'system.unknown': { status: 404, title: 'There is no such AI system' },
  'system.key-taken': { status: 409, title: 'Another system already has this key' },
  'system.too-many': { status: 422, title: 'The system has too many of these' },
  'time.in-future': { status: 422, title: 'A time lies in the future' },
  'incident.unknown': { status: 404, title: 'There is no such incident' },
  'incident.closed': { status: 409, title: 'The incident is closed' },
  'incident.reason-missing': { status: 422, title: 'A change of state needs a reason' },
  'severity.milder-than-rubric': { status: 422, title: 'The answers call for a graver severity' },
  'severity.reason-missing': { status: 422, title: 'Lowering the severity needs a reason' },
  'severity.still-unknown': { status: 422, title: 'Too much is unknown to lower the severity' },
  'step.unknown': { status: 404, title: 'The guide has no such step' },
} as const satisfies Record<string, Kind>;
export type ProblemCode = keyof typeof PROBLEMS;
