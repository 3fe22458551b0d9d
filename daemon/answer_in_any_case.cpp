#include "answer_in_any_case.h"

#include "attempt.h"

#include <boost/asio/post.hpp>

#include <utility>

namespace gatehouse {

namespace {

admin::answer broken_off()
{
    return admin::answer_with(admin::refusal{
        500, "failed", "the daemon could not finish this; its log says why (\"task failed\")"});
}

class one_answer {
public:
    one_answer(boost::asio::io_context& main, std::weak_ptr<void> alive, admin_endpoint::reply to)
        : main_{main}
        , alive_{std::move(alive)}
        , to_{std::move(to)}
    {
    }
    one_answer(one_answer const&) = delete;
    one_answer& operator=(one_answer const&) = delete;

    ~one_answer()
    {
        if (to_)
            attempt("answer", [this] { give_up(); });
    }

    void give(admin::answer made)
    {
        if (auto const taker = std::exchange(to_, nullptr))
            taker(std::move(made));
    }

private:
    void give_up()
    {
        boost::asio::post(main_, [alive = std::move(alive_), taker = std::move(to_)] {
            if (alive.lock())
                taker(broken_off());
        });
    }

    boost::asio::io_context& main_;
    std::weak_ptr<void> alive_;
    admin_endpoint::reply to_;
};

}  // namespace

admin_endpoint::reply answer_in_any_case(
    boost::asio::io_context& main, std::weak_ptr<void> alive, admin_endpoint::reply to
)
{
    auto const held = std::make_shared<one_answer>(main, std::move(alive), std::move(to));
    return [held](admin::answer made) { held->give(std::move(made)); };
}

}  // namespace gatehouse
