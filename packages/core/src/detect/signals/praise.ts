const KIND =
  /\b(?:thanks?|thank you|thx|great|awesome|perfect(?:ly)?|love(?:ly|d|s)?|helpful|helped|good|nice|excellent|amazing|wonderful|well done|happy|super|works|worked|solved|fixed)\b|👍|😊|🙂|❤|🎉/iu;
const UNKIND =
  /\b(?:not|no|never|nothing|none|cannot|\w{2,8}n't|wrong|bad|terrible|awful|false|lies?|lying|lied|but|however|until|instead|still|slow|broken|fail\w*|error|useless|angry|annoy\w*|cancel\w*|complain\w*|unacceptable|ridiculous|worse|worst|refund|problem|issue|confus\w*|contradict\w*|why|since when)\b|\?|👎|😡|😠/iu;

/** Whether somebody only says thanks. Praise is kept and counted, and is no sign that something is wrong. */
export const isPraise = (text: string): boolean => KIND.test(text) && !UNKIND.test(text);
