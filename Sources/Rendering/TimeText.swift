/// A moment in words.
enum TimeText {
  /// `2023-11-14T22:13:20.000000Z` (RFC 3339), of microseconds since 1970.
  static func utc(microseconds: UInt64) -> String {
    let seconds = microseconds / 1_000_000
    let (year, month, day) = date(daysSince1970: Int(clamping: seconds / 86400))
    let inDay = Int(seconds % 86400)
    let time = [inDay / 3600, inDay / 60 % 60, inDay % 60].map { padded($0, 2) }.joined(separator: ":")
    let fraction = padded(Int(microseconds % 1_000_000), 6)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(time).\(fraction)Z"
  }

  /// The Gregorian calendar in eras of 400 years, each of 146,097 days, that begin in March.
  private static func date(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
    let days = daysSince1970 + 719_468
    let era = days / 146_097
    let inEra = days % 146_097
    let yearOfEra = (inEra - inEra / 1460 + inEra / 36_524 - inEra / 146_096) / 365
    let inYear = inEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * inYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, inYear - (153 * shifted + 2) / 5 + 1)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
