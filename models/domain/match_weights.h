// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// The weights of compare(), in bits: log2(m/u). How m and u were estimated: docs/duplicates.md; the
/// benchmark bench_duplicates prints them anew.
namespace yarrow::match_weights {

/// jaroWinkler() from which two words are one with a typing error, and from which they may be.
inline constexpr double kNearName = 0.92;
inline constexpr double kAlikeName = 0.86;

struct NameWeights
{
    double same;
    double near;  ///< a typing error away
    double alike; ///< farther, or only sounding the same
    double part;  ///< one of two family names; an initial, or a given name that is not the first
    double differs;
};
inline constexpr NameWeights kFamily{6.5, 5.5, 3.0, 4.5, -3.8};
inline constexpr NameWeights kGiven{5.5, 4.0, 1.5, 1.5, -9.0};
inline constexpr double kSwappedNames = -1.0; ///< beside the weights of both names crosswise

inline constexpr double kBirthSame = 14.0;
inline constexpr double kBirthNewYear = 6.0; ///< both on the first of January of one year
inline constexpr double kBirthSwapped = 8.0;
inline constexpr double kBirthSlip = 5.0;
inline constexpr double kBirthTwoParts = -2.5;
inline constexpr double kBirthMonth = 8.0; ///< the same month, as far as both are known
inline constexpr double kBirthYear = 4.5;
inline constexpr double kBirthDiffers = -9.0;
inline constexpr int kGeneration = 12; ///< years: parents and children bear the same name
inline constexpr double kBirthFar = -14.0;

inline constexpr double kSexSame = 1.0;
inline constexpr double kSexDiffers = -4.5;

inline constexpr double kPhoneSame = 10.0;
inline constexpr double kPhoneSlip = 4.0;
inline constexpr double kPhoneDiffers = -1.5;
inline constexpr double kEmailSame = 11.0;
inline constexpr double kEmailDiffers = -0.5;
inline constexpr double kAddressSame = 8.0;
inline constexpr double kTownSame = -1.0;
inline constexpr double kAddressDiffers = -2.0;
inline constexpr double kHousehold = 12.0; ///< phone, e-mail and address together, at most
inline constexpr double kSiblings = 6.0;   ///< the same with the family name, where given names differ

inline constexpr double kNumberSame = 20.0;
inline constexpr double kNumberSlip = 6.0;
inline constexpr double kNumberDiffers = -5.0;

/// Above log2 of the number of patients: a warning needs odds of 2^kMargin to 1.
inline constexpr double kMargin = 2.5;
inline constexpr double kCertainMargin = 7.0;
/// A clinic that begins is warned as one with so many.
inline constexpr std::int64_t kFewestPatients = 1000;

} // namespace yarrow::match_weights
