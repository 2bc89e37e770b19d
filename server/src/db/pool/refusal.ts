/** Says something about a request, and nothing about the connection on which that was found out: it can go on being used. */
export class Refusal extends Error {
  override name = "Refusal";
}
